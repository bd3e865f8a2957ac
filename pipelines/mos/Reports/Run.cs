using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Reports;

/// <summary>A training run as its log tells it.</summary>
/// <param name="Name">What the page calls it.</param>
/// <param name="Lines">At least one, in the order of tokens; epochs are numbered through, fine-tuning included.</param>
/// <param name="Notes">What was left out of the log, and why.</param>
internal sealed record Run(string Name, IReadOnlyList<TrainingProgress> Lines, IReadOnlyList<string> Notes)
{
    public TrainingProgress Last => Lines[^1];

    /// <summary>Where the validation perplexity was lowest; null without a validation.</summary>
    public TrainingProgress? Best => Lines
        .Where(line => Quantity.ValidationPerplexity.IsShown(line))
        .MinBy(line => line.ValidationPerplexity);
}
