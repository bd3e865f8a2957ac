using System.Runtime.CompilerServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>How the weights of a row stand in memory, two vectors of them at a time.</summary>
internal unsafe interface IWeightRow<TVector>
    where TVector : struct
{
    /// <summary>Weights k to k + V of a row, k a multiple of 2 V; V is the width.</summary>
    static abstract TVector First(float* row, nint k);

    /// <summary>Weights k + V to k + 2 V.</summary>
    static abstract TVector Second(float* row, nint k);

    /// <summary>Puts both into a row.</summary>
    static abstract void Store(float* row, nint k, TVector first, TVector second);

    /// <summary>Has both brought into the cache.</summary>
    static abstract void Prefetch(float* row, nint k);

    /// <summary>How many words of memory so many weights take.</summary>
    static abstract nint Words(nint weights);
}

/// <summary>Float32, one after the other.</summary>
internal unsafe struct Float32Row<TSimd, TVector> : IWeightRow<TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector First(float* row, nint k) => TSimd.Load(row + k);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Second(float* row, nint k) => TSimd.Load(row + k + TSimd.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* row, nint k, TVector first, TVector second)
    {
        TSimd.Store(first, row + k);
        TSimd.Store(second, row + k + TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* row, nint k)
    {
        Cache.Prefetch(row + k);
        if (2 * TSimd.Count > Cache.LineFloats)
        {
            Cache.Prefetch(row + k + Cache.LineFloats);
        }
    }

    public static nint Words(nint weights) => weights;
}

/// <summary>Bfloat16, V words for 2 V weights: word m has weight m in its low half and weight V + m in its high half.</summary>
internal unsafe struct BFloat16Row<TSimd, TVector> : IWeightRow<TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector First(float* row, nint k) => TSimd.LoadLow((uint*)row + (k / 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Second(float* row, nint k) => TSimd.LoadHigh((uint*)row + (k / 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* row, nint k, TVector first, TVector second) => TSimd.StorePairs(first, second, (uint*)row + (k / 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* row, nint k) => Cache.Prefetch(row + (k / 2));

    public static nint Words(nint weights) => weights / 2;
}
