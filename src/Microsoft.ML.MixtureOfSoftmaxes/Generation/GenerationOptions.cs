using static Microsoft.ML.MixtureOfSoftmaxes.OptionRange;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// Which words may be generated, how many, and how they are drawn. Temperature, <see cref="TopK"/>, <see cref="TopP"/> and
/// <see cref="MinP"/> act in this order, each on the distribution that the one before left.
/// </summary>
public sealed record GenerationOptions
{
    /// <summary>
    /// T: words are drawn in proportion to P^(1/T), P the mixture's probability. Default 1: the model as it is; at least 0, and 0 is
    /// always the most probable word.
    /// </summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Only so many of the most probable words are drawn from. Default null: all; at least 1.</summary>
    public int? TopK { get; init; }

    /// <summary>
    /// Only the fewest most probable words whose probabilities reach this sum are drawn from (Holtzman et al., 2020). Default null: all;
    /// above 0, at most 1.
    /// </summary>
    public double? TopP { get; init; }

    /// <summary>
    /// Only words of at least this share of the most probable word's probability are drawn from (Nguyen et al., 2024). Default null:
    /// all; from 0 to 1.
    /// </summary>
    public double? MinP { get; init; }

    /// <summary>Whether the unknown word is never generated; the others then share its probability. Default true.</summary>
    public bool ExcludeUnknownWord { get; init; } = true;

    /// <summary>Whether the end of a sentence, itself the last word, ends the text. Default true.</summary>
    public bool StopAtEndOfSentence { get; init; } = true;

    /// <summary>The text ends after so many words, ends of sentences counted. Default 100; at least 1.</summary>
    public int MaximumTokens { get; init; } = 100;

    /// <summary>
    /// Experts are skipped whose priors sum to no more than this, the smallest first, and the others' normalised anew: each probability is off
    /// by at most so much. Default 0: all are computed; below 1.
    /// </summary>
    public double SkippedPrior { get; init; }

    /// <summary>
    /// The same seed, model, prompt and options give the same text, and texts of different seeds, neighbours too, are independent of
    /// each other. Default null: the seed of the <see cref="MLContext"/>, or without
    /// one another text each time.
    /// </summary>
    public int? Seed { get; init; }

    internal void Validate()
    {
        AtLeast(Temperature, 0);
        Range(TopK, 1, int.MaxValue);
        Range(MaximumTokens, 1, int.MaxValue);
        PositiveShare(TopP);
        Share(MinP);
        Rate(SkippedPrior);
    }
}
