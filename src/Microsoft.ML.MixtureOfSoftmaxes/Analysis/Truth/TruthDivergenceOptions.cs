namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How the distance from a known language is measured.</summary>
public sealed record TruthDivergenceOptions
{
    /// <summary>Contexts spread over the data. Default 2,000; at least 1.</summary>
    public int Contexts { get; init; } = 2_000;

    internal void Validate() => OptionRange.Range(Contexts, 1, int.MaxValue);
}
