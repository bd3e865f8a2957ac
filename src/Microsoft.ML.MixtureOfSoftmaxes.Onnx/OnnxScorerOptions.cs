namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How ONNX Runtime computes.</summary>
public sealed record OnnxScorerOptions
{
    /// <summary>Threads of one pass through the network, at least 1. Default null: as many as the machine has cores.</summary>
    public int? ThreadCount { get; init; }

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal void Validate()
    {
        if (ThreadCount is not null)
        {
            OptionRange.Range(ThreadCount, 1, 1024, nameof(ThreadCount));
        }
    }
}
