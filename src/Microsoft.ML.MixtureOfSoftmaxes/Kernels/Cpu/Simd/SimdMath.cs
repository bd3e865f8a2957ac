using System.Runtime.CompilerServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>Functions of vectors of any width.</summary>
internal static class SimdMath
{
    // Added to a number and taken away again it leaves the nearest whole number.
    private const float Round = 3 << 22;

    // log 2 in two parts; the upper times a whole number of up to twelve bits is exact.
    private const float Log2Upper = 0.693115234f, Log2Lower = 3.19461833e-05f;

    /// <summary>
    /// e^x to within two units in the last place, for x up to 88; 0 below the smallest normal number; not a number where x is none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        // e^x = 2^n e^r with |r| <= log 2 / 2, and e^r = 1 + r + r^2 q(r): q goes through Chebyshev's five nodes.
        TVector n = TSimd.MultiplyAdd(x, TSimd.Create(1.44269504f), TSimd.Create(Round));
        n = TSimd.Subtract(n, TSimd.Create(Round));
        TVector r = TSimd.MultiplyAdd(n, TSimd.Create(-Log2Lower), TSimd.MultiplyAdd(n, TSimd.Create(-Log2Upper), x));
        TVector q = TSimd.MultiplyAdd(TSimd.Create(0.00139261759f), r, TSimd.Create(0.00836317334f));
        q = TSimd.MultiplyAdd(q, r, TSimd.Create(0.0416665561f));
        q = TSimd.MultiplyAdd(q, r, TSimd.Create(0.166665778f));
        q = TSimd.MultiplyAdd(q, r, TSimd.Create(0.5f));
        TVector e = TSimd.MultiplyAdd(TSimd.MultiplyAdd(q, r, TSimd.Create(1)), r, TSimd.Create(1));
        return TSimd.WhereLess(x, TSimd.Create(-87.33f), TSimd.Zero, TSimd.Multiply(e, TSimd.PowerOfTwo(n)));
    }
}
