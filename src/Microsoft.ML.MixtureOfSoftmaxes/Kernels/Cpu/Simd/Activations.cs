using System.Runtime.CompilerServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>The functions of gates, to within a few units in the last place.</summary>
internal static class Activations<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>1 / (1 + exp(-x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x)
    {
        TVector one = TSimd.Create(1);
        TVector power = ExpOfNegative(TSimd.Subtract(TSimd.Zero, TSimd.Abs(x)));
        return TSimd.Divide(TSimd.WhereLess(x, TSimd.Zero, power, one), TSimd.Add(one, power));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        // Near zero the difference below would lose digits; there the series of tanh is short.
        TVector one = TSimd.Create(1), magnitude = TSimd.Abs(x), square = TSimd.Multiply(x, x);
        TVector series = TSimd.MultiplyAdd(TSimd.Create(2.1869488e-2f), square, TSimd.Create(-5.3968254e-2f));
        series = TSimd.MultiplyAdd(series, square, TSimd.Create(1.3333333e-1f));
        series = TSimd.MultiplyAdd(series, square, TSimd.Create(-3.3333333e-1f));
        series = TSimd.MultiplyAdd(TSimd.Multiply(series, square), x, x);
        TVector power = ExpOfNegative(TSimd.Multiply(TSimd.Create(-2), magnitude));
        TVector ratio = TSimd.Divide(TSimd.Subtract(one, power), TSimd.Add(one, power));
        return TSimd.WhereLess(magnitude, TSimd.Create(0.25f), series, TSimd.CopySign(ratio, x));
    }

    /// <summary>exp(x) for x of at most 0; of less than -87, exp(-87).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpOfNegative(TVector x)
    {
        x = TSimd.Max(TSimd.Create(-87), x);

        // Adding and taking away 1.5 * 2^23 rounds to the nearest whole number.
        TVector rounding = TSimd.Create(12582912);
        TVector whole = TSimd.Subtract(TSimd.Add(TSimd.Multiply(x, TSimd.Create(1.44269504f)), rounding), rounding);
        TVector rest = TSimd.MultiplyAdd(whole, TSimd.Create(-0.693359375f), x);
        rest = TSimd.MultiplyAdd(whole, TSimd.Create(2.12194440e-4f), rest);

        // A minimax polynomial for exp on [-ln 2 / 2, ln 2 / 2].
        TVector power = TSimd.MultiplyAdd(TSimd.Create(1.9875691500e-4f), rest, TSimd.Create(1.3981999507e-3f));
        power = TSimd.MultiplyAdd(power, rest, TSimd.Create(8.3334519073e-3f));
        power = TSimd.MultiplyAdd(power, rest, TSimd.Create(4.1665795894e-2f));
        power = TSimd.MultiplyAdd(power, rest, TSimd.Create(1.6666665459e-1f));
        power = TSimd.MultiplyAdd(power, rest, TSimd.Create(5.0000001201e-1f));
        power = TSimd.Add(TSimd.MultiplyAdd(TSimd.Multiply(power, rest), rest, rest), TSimd.Create(1));
        return TSimd.Multiply(power, TSimd.PowerOfTwo(whole));
    }
}
