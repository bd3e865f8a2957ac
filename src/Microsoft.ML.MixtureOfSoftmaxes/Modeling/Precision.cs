namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>The numbers that the large matrix products are computed in; parameters and sums are float32 in either case.</summary>
public enum Precision
{
    /// <summary>IEEE single precision.</summary>
    Float32,

    /// <summary>Factors rounded to bfloat16 (8 bits of mantissa), products added up in float32.</summary>
    BFloat16,
}
