using System.Xml.Linq;
using Mos.Reports.Drawing;
using Mos.Reports.Runs;

namespace Mos.Reports.Figures;

/// <summary>The curves of training runs, those of all runs in the same charts.</summary>
internal static class RunFigures
{
    /// <summary>A chart for each quantity of interest, or a remark where no run has logged it.</summary>
    public static IEnumerable<XElement> Create(IReadOnlyList<LoggedRun> runs) => Charts(runs).Select((chart, i) =>
        Curves(chart, runs) is { Count: > 0 } curves
            ? Figure.Create($"chart{i + 1}", chart.Title, chart.Remark, chart.X, chart.Y, curves)
            : Figure.Empty(chart.Title, "No run has logged any."));

    private static IReadOnlyList<Chart> Charts(IReadOnlyList<LoggedRun> runs)
    {
        Quantity tokens = Quantity.Tokens, time = Quantity.Time(runs.Max(run => run.Last.Elapsed));
        return
        [
            new("Training perplexity", "Mean over the epoch so far, with dropout on.", tokens, Quantity.TrainingPerplexity),
            new("Validation perplexity", "At the end of each epoch, and of the run.", tokens, Quantity.ValidationPerplexity),
            new("Learning rate", "The rate in use.", tokens, Quantity.LearningRate),
            new("Speed", "Tokens per second, mean since the start.", time, Quantity.Speed),
        ];
    }

    /// <summary>The curves of the runs that have any points; values that the axis cannot show are left out.</summary>
    private static IReadOnlyList<Curve> Curves(Chart chart, IReadOnlyList<LoggedRun> runs) =>
    [
        .. runs.Select((run, i) => new Curve(run.Name, CurveStyle.Of(i), Points(chart, run)))
            .Where(curve => curve.Points.Count > 0),
    ];

    private static Point[] Points(Chart chart, LoggedRun run) =>
        [.. run.Lines.Where(chart.Y.IsShown).Select(line => new Point(chart.X.Of(line)!.Value, chart.Y.Of(line)!.Value))];

    /// <param name="Remark">How the values were obtained.</param>
    private sealed record Chart(string Title, string Remark, Quantity X, Quantity Y);
}
