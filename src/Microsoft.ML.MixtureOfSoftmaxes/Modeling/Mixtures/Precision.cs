namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>What the factors of the large matrix products are; weights, sums and everything else are float32.</summary>
public enum Precision
{
    /// <summary>Float32 as it is.</summary>
    Float32,

    /// <summary>
    /// Factors rounded to bfloat16 (8 bits of precision), about twice as fast or more on processors and GPUs that have it, and slow on those
    /// that do not.
    /// </summary>
    BFloat16,
}
