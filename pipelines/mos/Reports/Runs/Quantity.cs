using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Reports.Drawing;

namespace Mos.Reports.Runs;

/// <summary>A number in each line of a log, and the axis on which a chart shows it.</summary>
/// <param name="Label">Its name and unit.</param>
/// <param name="Of">Takes the number from a line; null where the line has none.</param>
/// <param name="IsLogarithmic">Whether the axis is logarithmic.</param>
internal sealed record Quantity(string Label, Func<TrainingProgress, double?> Of, bool IsLogarithmic = false)
    : Axis(Label, IsLogarithmic)
{
    public static readonly Quantity TrainingPerplexity = new("training perplexity", line => line.Perplexity, IsLogarithmic: true);

    public static readonly Quantity ValidationPerplexity =
        new("validation perplexity", line => line.ValidationPerplexity, IsLogarithmic: true);

    public static readonly Quantity LearningRate = new("learning rate", line => line.LearningRate);

    public static readonly Quantity Speed = new("tokens/s", line => line.TokensPerSecond);

    public static readonly Quantity Tokens = new("tokens trained on", line => line.Tokens);

    /// <summary>The quantities that the trainer computes in floating point, and that may thus not be finite.</summary>
    public static IReadOnlyList<Quantity> Logged { get; } = [TrainingPerplexity, ValidationPerplexity, LearningRate, Speed];

    /// <summary>Time since the start, in a unit that suits the longest time shown.</summary>
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

    /// <summary>Whether the axis can show the line's number.</summary>
    public bool IsShown(TrainingProgress line) =>
        Of(line) is double value && double.IsFinite(value) && (value > 0 || !IsLogarithmic);
}
