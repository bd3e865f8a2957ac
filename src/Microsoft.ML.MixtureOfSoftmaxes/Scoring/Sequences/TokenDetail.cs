namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>What is asked of each token beyond its log-likelihood, which needs the whole distribution over the vocabulary; and how exactly.</summary>
/// <param name="Ranks">Whether the rank of the true word is wanted.</param>
/// <param name="TopCount">How many of the likeliest words are wanted.</param>
/// <param name="SkippedPrior">The most that the priors of experts sum to that are left out.</param>
/// <param name="Experts">Whether it is wanted how many experts were computed, and what was left out.</param>
internal readonly record struct TokenDetail(bool Ranks, int TopCount, double SkippedPrior = 0, bool Experts = false)
{
    public bool NeedsDistribution => Ranks || TopCount > 0;

    public static TokenDetail operator |(TokenDetail a, TokenDetail b) =>
        new(a.Ranks || b.Ranks, Math.Max(a.TopCount, b.TopCount), Math.Max(a.SkippedPrior, b.SkippedPrior), a.Experts || b.Experts);
}
