using System.Runtime.CompilerServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>The function f of a logit z whose exponential is normalised.</summary>
internal interface IActivation
{
    /// <summary>f(z); it rises with z.</summary>
    static abstract float Of(float z);

    /// <summary>f'(z).</summary>
    static abstract float Slope(float z);

    /// <summary>exp(f(z) - offset).</summary>
    static abstract TVector Exp<TSimd, TVector>(TVector z, TVector offset)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct;

    /// <summary>exp(f(z) - offset) f'(z).</summary>
    static abstract TVector ExpTimesSlope<TSimd, TVector>(TVector z, TVector offset)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct;

    /// <summary>f(z).</summary>
    static abstract TVector Of<TSimd, TVector>(TVector z)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct;
}

/// <summary>f(z) = z.</summary>
internal readonly struct Softmax : IActivation
{
    public static float Of(float z) => z;

    public static float Slope(float z) => 1;

    public static TVector Exp<TSimd, TVector>(TVector z, TVector offset)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        Exponential.Of<TSimd, TVector>(TSimd.Subtract(z, offset));

    public static TVector ExpTimesSlope<TSimd, TVector>(TVector z, TVector offset)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        Exp<TSimd, TVector>(z, offset);

    public static TVector Of<TSimd, TVector>(TVector z)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        z;
}

/// <summary>
/// f(z) = z + log sigmoid(z) = z + min(z, 0) - log(1 + u) with u = exp(-|z|), which neither overflows nor meets a floor;
/// f'(z) = 1 + sigmoid(-z).
/// </summary>
internal readonly struct SigSoftmax : IActivation
{
    public static float Of(float z) => z + MathF.Min(z, 0) - float.LogP1(MathF.Exp(-MathF.Abs(z)));

    public static float Slope(float z) => 1 + (1 / (1 + MathF.Exp(z)));

    public static TVector Exp<TSimd, TVector>(TVector z, TVector offset)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        TSimd.Divide(Numerator<TSimd, TVector>(z, offset), TSimd.Add(TSimd.Create(1), ExpOfMinusAbs<TSimd, TVector>(z)));

    public static TVector ExpTimesSlope<TSimd, TVector>(TVector z, TVector offset)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct
    {
        // sigmoid(-z) is 1 / (1 + u) where z is below 0, u / (1 + u) elsewhere.
        TVector one = TSimd.Create(1), u = ExpOfMinusAbs<TSimd, TVector>(z), share = TSimd.Divide(one, TSimd.Add(one, u));
        TVector slope = TSimd.MultiplyAdd(TSimd.WhereLess(z, TSimd.Zero, one, u), share, one);
        return TSimd.Multiply(TSimd.Multiply(Numerator<TSimd, TVector>(z, offset), share), slope);
    }

    public static TVector Of<TSimd, TVector>(TVector z)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct
    {
        TVector log = TSimd.Log(TSimd.Add(TSimd.Create(1), ExpOfMinusAbs<TSimd, TVector>(z)));
        return TSimd.Subtract(TSimd.Add(z, Negative<TSimd, TVector>(z)), log);
    }

    private static TVector Numerator<TSimd, TVector>(TVector z, TVector offset)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        Exponential.Of<TSimd, TVector>(TSimd.Subtract(TSimd.Add(z, Negative<TSimd, TVector>(z)), offset));

    /// <summary>min(z, 0).</summary>
    private static TVector Negative<TSimd, TVector>(TVector z)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        TSimd.WhereLess(z, TSimd.Zero, z, TSimd.Zero);

    private static TVector ExpOfMinusAbs<TSimd, TVector>(TVector z)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        Exponential.Of<TSimd, TVector>(TSimd.Subtract(TSimd.Zero, TSimd.Abs(z)));
}

/// <summary>exp(x) for x of at most 0; nothing where it is below the smallest normal number.</summary>
internal static class Exponential
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        TSimd.WhereLess(x, TSimd.Create(-87), TSimd.Zero, Activations<TSimd, TVector>.ExpOfNegative(x));
}
