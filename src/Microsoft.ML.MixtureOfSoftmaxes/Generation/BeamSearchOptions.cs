using static Microsoft.ML.MixtureOfSoftmaxes.OptionRange;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How probable texts are searched for.</summary>
public sealed record BeamSearchOptions
{
    /// <summary>
    /// Texts that are followed up at a time, and how many are returned at most; 1 takes the most probable word each time. Default 5;
    /// 1 to 1,000.
    /// </summary>
    public int Width { get; init; } = 5;

    /// <summary>
    /// a: texts are compared by log P / length^a, length in words with the end of the sentence. Default 1: the mean log-likelihood of a
    /// word; at least 0, and 0 is the probability of the text, which favours short ones.
    /// </summary>
    public double LengthNormalization { get; init; } = 1;

    internal void Validate()
    {
        Range(Width, 1, 1_000);
        AtLeast(LengthNormalization, 0);
    }
}
