namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// How confidence intervals come about: by resampling blocks of consecutive rows with replacement (the bootstrap; Efron 1979, and for what
/// depends on what was before it, Carlstein 1986).
/// </summary>
public record BootstrapOptions
{
    /// <summary>Resamples. Default 1,000; at least 100.</summary>
    public int Resamples { get; init; } = 1_000;

    /// <summary>Probability that a confidence interval covers. Default 0.95; above 0 and below 1.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Seed of the resampling. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Rows of a block; at least 1. Default null: one row where each is scored by itself, and in a stream or in documents the cube root of the
    /// number of rows, rounded up (Hall, Horowitz, Jing 1995). Of more than 131,072 rows a block has at least as many as keep them to that.
    /// </summary>
    public int? BlockLength { get; init; }

    internal virtual void Validate()
    {
        OptionRange.Range(Resamples, 100, int.MaxValue);
        OptionRange.OpenShare(Confidence);
        OptionRange.Range(BlockLength, 1, int.MaxValue);
    }
}
