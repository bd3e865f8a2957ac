namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>How the numbers of a row stand in memory.</summary>
internal unsafe interface INumbers
{
    static abstract TVector Load<TSimd, TVector>(void* numbers, long index)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct;

    static abstract void Store<TSimd, TVector>(TVector x, void* numbers, long index)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct;
}

/// <inheritdoc/>
internal readonly unsafe struct Float32Numbers : INumbers
{
    public static TVector Load<TSimd, TVector>(void* numbers, long index)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        TSimd.Load((float*)numbers + index);

    public static void Store<TSimd, TVector>(TVector x, void* numbers, long index)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        TSimd.Store(x, (float*)numbers + index);
}

/// <inheritdoc/>
internal readonly unsafe struct BFloat16Numbers : INumbers
{
    public static TVector Load<TSimd, TVector>(void* numbers, long index)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        TSimd.LoadBFloat16((ushort*)numbers + index);

    public static void Store<TSimd, TVector>(TVector x, void* numbers, long index)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        TSimd.StoreBFloat16(x, (ushort*)numbers + index);
}
