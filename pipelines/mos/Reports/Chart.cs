namespace Mos.Reports;

/// <summary>What a chart shows: a quantity of all runs over another.</summary>
/// <param name="Remark">How the values come about.</param>
internal sealed record Chart(string Title, string Remark, Quantity X, Quantity Y)
{
    /// <summary>The curves of a report on these runs.</summary>
    public static IReadOnlyList<Chart> For(IReadOnlyList<Run> runs) =>
    [
        new("Training perplexity", "Mean over the epoch so far, with dropout on.", Quantity.Tokens, Quantity.TrainingPerplexity),
        new("Validation perplexity", "At the end of each epoch, and of the run.", Quantity.Tokens, Quantity.ValidationPerplexity),
        new("Learning rate", "The rate in use.", Quantity.Tokens, Quantity.LearningRate),
        new("Speed", "Tokens a second, mean since the start.", Quantity.Time(runs.Max(run => run.Last.Elapsed)), Quantity.Speed),
    ];

    /// <summary>The curves of the runs that have any; points that cannot be shown are left out.</summary>
    public IReadOnlyList<Curve> Curves(IReadOnlyList<Run> runs) =>
        [.. runs.Select((run, i) => new Curve(run.Name, RunStyle.Of(i), Points(run))).Where(curve => curve.Points.Count > 0)];

    private IReadOnlyList<Point> Points(Run run) =>
        [.. run.Lines.Where(Y.IsShown).Select(line => new Point(X.Of(line)!.Value, Y.Of(line)!.Value))];
}
