namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>What passes over rows need beyond <see cref="ISimd{TVector}"/>: a row's sum and largest number, and rows in bfloat16.</summary>
internal unsafe interface ISimdRow<TVector> : ISimd<TVector>
    where TVector : struct
{
    static abstract float SumOf(TVector x);

    /// <summary>The largest number, if all are numbers.</summary>
    static abstract float MaxOf(TVector x);

    static abstract TVector Log(TVector x);

    /// <summary>As many numbers in bfloat16 as floats in a vector.</summary>
    static abstract TVector LoadBFloat16(ushort* source);

    /// <summary>Rounded to the nearest number in bfloat16, to the even one in the middle.</summary>
    static abstract void StoreBFloat16(TVector x, ushort* destination);
}
