namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How the rank of a model is measured.</summary>
public sealed record RankAnalysisOptions
{
    /// <summary>
    /// N, the rows of the log-probability matrix: contexts spread over the data. Default 2,000; at least 1, and more than d + 2 to tell
    /// a limited rank from too few contexts. Data with fewer gives those it has. The matrix takes 8 N V bytes, its decomposition as many
    /// again and time that grows with N V min(N, V).
    /// </summary>
    public int Contexts { get; init; } = 2_000;

    internal void Validate() => OptionRange.Range(Contexts, 1, int.MaxValue);
}
