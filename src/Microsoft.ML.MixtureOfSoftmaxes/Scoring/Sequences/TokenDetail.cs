namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>What is asked of each token beyond its log-likelihood; anything of it needs the whole distribution over the vocabulary.</summary>
/// <param name="Ranks">Whether the rank of the true word is wanted.</param>
/// <param name="TopCount">How many of the likeliest words are wanted.</param>
internal readonly record struct TokenDetail(bool Ranks, int TopCount)
{
    public bool NeedsDistribution => Ranks || TopCount > 0;

    public static TokenDetail operator |(TokenDetail a, TokenDetail b) => new(a.Ranks || b.Ranks, Math.Max(a.TopCount, b.TopCount));
}
