using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Reports;

/// <summary>A figure of a log's lines that a chart has on an axis.</summary>
/// <param name="Label">With its unit.</param>
/// <param name="Of">Null where a line has none.</param>
internal sealed record Quantity(string Label, Func<TrainingProgress, double?> Of, bool IsLogarithmic = false) : Axis(Label, IsLogarithmic)
{
    public static readonly Quantity TrainingPerplexity = new("training perplexity", line => line.Perplexity, IsLogarithmic: true);

    public static readonly Quantity ValidationPerplexity =
        new("validation perplexity", line => line.ValidationPerplexity, IsLogarithmic: true);

    public static readonly Quantity LearningRate = new("learning rate", line => line.LearningRate);

    public static readonly Quantity Speed = new("tokens/s", line => line.TokensPerSecond);

    public static readonly Quantity Tokens = new("tokens trained on", line => line.Tokens);

    /// <summary>Those that are computed in floating point, and so may not be finite.</summary>
    public static IReadOnlyList<Quantity> Logged { get; } = [TrainingPerplexity, ValidationPerplexity, LearningRate, Speed];

    /// <summary>Time since the start, in the unit that suits the longest time to be shown.</summary>
    public static Quantity Time(TimeSpan longest)
    {
        (string symbol, TimeSpan unit) = longest switch
        {
            { TotalMinutes: <= 2 } => ("s", TimeSpan.FromSeconds(1)),
            { TotalHours: <= 2 } => ("min", TimeSpan.FromMinutes(1)),
            { TotalDays: <= 3 } => ("h", TimeSpan.FromHours(1)),
            _ => ("days", TimeSpan.FromDays(1)),
        };
        return new($"time ({symbol})", line => line.Elapsed / unit);
    }

    public bool IsShown(TrainingProgress line) =>
        Of(line) is double value && double.IsFinite(value) && (value > 0 || !IsLogarithmic);
}
