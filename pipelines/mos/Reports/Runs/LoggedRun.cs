using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Reports.Runs;

/// <summary>A training run as read from its log.</summary>
/// <param name="Name">Its name on the page.</param>
/// <param name="Lines">At least one, in the order of tokens. Epochs of fine-tuning are numbered after those before.</param>
/// <param name="Notes">What was left out of the log, and why.</param>
internal sealed record LoggedRun(string Name, IReadOnlyList<TrainingProgress> Lines, IReadOnlyList<string> Notes)
{
    public TrainingProgress Last => Lines[^1];

    /// <summary>The line with the lowest validation perplexity; null if the run was never validated.</summary>
    public TrainingProgress? Best => Lines
        .Where(line => Quantity.ValidationPerplexity.IsShown(line))
        .MinBy(line => line.ValidationPerplexity);
}
