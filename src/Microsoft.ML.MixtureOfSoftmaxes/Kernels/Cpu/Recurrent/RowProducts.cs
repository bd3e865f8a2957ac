using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// The product of few rows with many rows of weights, result[r, c] = sum over k of a[r, k] w[c, k]. The weights are read in the order in which
/// they stand, each for several rows at a time: they are what does not fit into the cache. A sum has the same order whatever the number of rows
/// and wherever a share begins.
/// </summary>
internal static unsafe class RowProducts<TSimd, TVector, TRow>
    where TSimd : ISimd<TVector>
    where TVector : struct
    where TRow : IWeightRow<TVector>
{
    private const int Block = 4;

    /// <param name="a">
    /// Rows of a in blocks of 2 V, V the width. Where the length is no multiple, the last block begins with zeros, in the places of what is in the
    /// block before.
    /// </param>
    /// <param name="stride">From one row of a to the next.</param>
    /// <param name="rows">How many.</param>
    /// <param name="length">Their length, blocks of 2 V.</param>
    /// <param name="w">Rows of weights.</param>
    /// <param name="wStride">From one to the next, in floats.</param>
    /// <param name="count">How many.</param>
    /// <param name="last">Where the last block of a row of weights begins: in the block before, where rows are not filled up.</param>
    /// <param name="result">Overwritten.</param>
    /// <param name="resultStride">From one row of the result to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Set(
        float* a, nint stride, int rows, nint length, float* w, nint wStride, int count, nint last, float* result, nint resultStride)
    {
        int c = 0;
        for (; c + Block <= count; c += Block, w += Block * wStride)
        {
            int r = 0;
            if (TSimd.HasManyRegisters)
            {
                for (; r + 6 <= rows; r += 6)
                {
                    Six(a + (r * stride), stride, length, w, wStride, last, result + (r * resultStride) + c, resultStride);
                }
            }

            for (; r + 2 <= rows; r += 2)
            {
                Two(a + (r * stride), stride, length, w, wStride, last, result + (r * resultStride) + c, resultStride);
            }

            if (r < rows)
            {
                One(a + (r * stride), length, w, wStride, last).Store(result + (r * resultStride) + c);
            }
        }

        for (; c < count; c++, w += wStride)
        {
            for (int r = 0; r < rows; r++)
            {
                result[(r * resultStride) + c] = One(a + (r * stride), length, w, 0, last).ToScalar();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Six(float* a, nint stride, nint length, float* w, nint wStride, nint last, float* result, nint resultStride)
    {
        float* w1 = w + wStride, w2 = w1 + wStride, w3 = w2 + wStride;
        float* a1 = a + stride, a2 = a1 + stride, a3 = a2 + stride, a4 = a3 + stride, a5 = a4 + stride;
        Sums s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        for (nint k = 0; k < length; k += 2 * TSimd.Count)
        {
            nint j = Math.Min(k, last);
            TRow.Prefetch(w + (Block * wStride), j);
            TRow.Prefetch(w1 + (Block * wStride), j);
            TRow.Prefetch(w2 + (Block * wStride), j);
            TRow.Prefetch(w3 + (Block * wStride), j);
            TVector v0 = TRow.First(w, j), v1 = TRow.First(w1, j), v2 = TRow.First(w2, j), v3 = TRow.First(w3, j);
            s0.Add(TSimd.Load(a + k), v0, v1, v2, v3);
            s1.Add(TSimd.Load(a1 + k), v0, v1, v2, v3);
            s2.Add(TSimd.Load(a2 + k), v0, v1, v2, v3);
            s3.Add(TSimd.Load(a3 + k), v0, v1, v2, v3);
            s4.Add(TSimd.Load(a4 + k), v0, v1, v2, v3);
            s5.Add(TSimd.Load(a5 + k), v0, v1, v2, v3);
            (v0, v1, v2, v3) = (TRow.Second(w, j), TRow.Second(w1, j), TRow.Second(w2, j), TRow.Second(w3, j));
            s0.Add(TSimd.Load(a + k + TSimd.Count), v0, v1, v2, v3);
            s1.Add(TSimd.Load(a1 + k + TSimd.Count), v0, v1, v2, v3);
            s2.Add(TSimd.Load(a2 + k + TSimd.Count), v0, v1, v2, v3);
            s3.Add(TSimd.Load(a3 + k + TSimd.Count), v0, v1, v2, v3);
            s4.Add(TSimd.Load(a4 + k + TSimd.Count), v0, v1, v2, v3);
            s5.Add(TSimd.Load(a5 + k + TSimd.Count), v0, v1, v2, v3);
        }

        s0.Total.Store(result);
        s1.Total.Store(result += resultStride);
        s2.Total.Store(result += resultStride);
        s3.Total.Store(result += resultStride);
        s4.Total.Store(result += resultStride);
        s5.Total.Store(result + resultStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(float* a, nint stride, nint length, float* w, nint wStride, nint last, float* result, nint resultStride)
    {
        float* w1 = w + wStride, w2 = w1 + wStride, w3 = w2 + wStride, a1 = a + stride;
        Sums s0 = default, s1 = default;
        for (nint k = 0; k < length; k += 2 * TSimd.Count)
        {
            nint j = Math.Min(k, last);
            TVector v0 = TRow.First(w, j), v1 = TRow.First(w1, j), v2 = TRow.First(w2, j), v3 = TRow.First(w3, j);
            s0.Add(TSimd.Load(a + k), v0, v1, v2, v3);
            s1.Add(TSimd.Load(a1 + k), v0, v1, v2, v3);
            (v0, v1, v2, v3) = (TRow.Second(w, j), TRow.Second(w1, j), TRow.Second(w2, j), TRow.Second(w3, j));
            s0.Add(TSimd.Load(a + k + TSimd.Count), v0, v1, v2, v3);
            s1.Add(TSimd.Load(a1 + k + TSimd.Count), v0, v1, v2, v3);
        }

        s0.Total.Store(result);
        s1.Total.Store(result + resultStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector128<float> One(float* a, nint length, float* w, nint wStride, nint last)
    {
        float* w1 = w + wStride, w2 = w1 + wStride, w3 = w2 + wStride;
        Sums s = default;
        for (nint k = 0; k < length; k += 2 * TSimd.Count)
        {
            nint j = Math.Min(k, last);
            s.Add(TSimd.Load(a + k), TRow.First(w, j), TRow.First(w1, j), TRow.First(w2, j), TRow.First(w3, j));
            s.Add(TSimd.Load(a + k + TSimd.Count), TRow.Second(w, j), TRow.Second(w1, j), TRow.Second(w2, j), TRow.Second(w3, j));
        }

        return s.Total;
    }

    /// <summary>The sums of one row of a with four rows of weights, still spread over vectors.</summary>
    private struct Sums
    {
        private TVector _s0, _s1, _s2, _s3;

        public readonly Vector128<float> Total => TSimd.Sums(_s0, _s1, _s2, _s3);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(TVector a, TVector v0, TVector v1, TVector v2, TVector v3)
        {
            _s0 = TSimd.MultiplyAdd(a, v0, _s0);
            _s1 = TSimd.MultiplyAdd(a, v1, _s1);
            _s2 = TSimd.MultiplyAdd(a, v2, _s2);
            _s3 = TSimd.MultiplyAdd(a, v3, _s3);
        }
    }
}
