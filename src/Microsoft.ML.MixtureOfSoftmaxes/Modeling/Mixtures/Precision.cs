namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>What the factors of the large matrix products are; weights, sums and everything else are float32.</summary>
public enum Precision
{
    /// <summary>Float32 as it is, on a GPU too.</summary>
    Float32,

    /// <summary>
    /// Factors rounded to bfloat16 (8 bits of precision), about twice as fast or more on processors and GPUs that have it, and slow on those
    /// that do not. On a GPU it is the decoder's products; the others are those of <see cref="TensorFloat32"/>.
    /// </summary>
    BFloat16,

    /// <summary>
    /// On a GPU, factors of all products, those of the LSTM too, rounded to TensorFloat32 (11 bits of precision, the range of float32), faster than
    /// float32 on GPUs that have it. A CPU has none, and computes as with <see cref="Float32"/>.
    /// </summary>
    TensorFloat32,
}
