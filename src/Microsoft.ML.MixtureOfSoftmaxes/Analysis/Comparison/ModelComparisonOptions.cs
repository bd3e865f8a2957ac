namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>What a comparison of models measures, and how its intervals come about.</summary>
public sealed record ModelComparisonOptions : BootstrapOptions
{
    /// <summary>Contexts spread over the data for the pairwise divergence and the rank. Default 2,000; at least 2.</summary>
    public int Contexts { get; init; } = 2_000;

    /// <summary>Whether to measure each model's rank too, which takes longest; see <see cref="RankAnalysisOptions"/>. Default false.</summary>
    public bool MeasureRank { get; init; }

    /// <summary>How many words the models differ about, and how many of the best and the worst rows, to show. Default 10; at least 0.</summary>
    public int Examples { get; init; } = 10;

    internal override void Validate()
    {
        base.Validate();
        OptionRange.Range(Contexts, 2, int.MaxValue);
        OptionRange.Range(Examples, 0, int.MaxValue);
    }
}
