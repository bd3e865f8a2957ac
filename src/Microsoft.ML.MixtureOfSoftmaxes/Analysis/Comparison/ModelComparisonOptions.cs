namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>What a comparison of models measures.</summary>
public sealed record ModelComparisonOptions
{
    /// <summary>Resamples of the rows for the confidence intervals. Default 1,000; at least 100.</summary>
    public int Resamples { get; init; } = 1_000;

    /// <summary>Probability that a confidence interval covers. Default 0.95; above 0 and below 1.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Seed of the resampling. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Contexts spread over the data for the pairwise divergence and the rank. Default 2,000; at least 2.</summary>
    public int Contexts { get; init; } = 2_000;

    /// <summary>Whether to measure each model's rank too, which takes longest; see <see cref="RankAnalysisOptions"/>. Default false.</summary>
    public bool MeasureRank { get; init; }

    /// <summary>How many words the models differ about, and how many of the best and the worst rows, to show. Default 10; at least 0.</summary>
    public int Examples { get; init; } = 10;

    internal void Validate()
    {
        OptionRange.Range(Resamples, 100, int.MaxValue);
        OptionRange.OpenShare(Confidence);
        OptionRange.Range(Contexts, 2, int.MaxValue);
        OptionRange.Range(Examples, 0, int.MaxValue);
    }
}
