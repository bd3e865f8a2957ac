using System.Runtime.Intrinsics;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>Passes over a row of logits, or over a piece of it that stays in the first cache between them.</summary>
internal abstract unsafe class LogitRow
{
    /// <summary>The passes in the widest vectors that the processor has.</summary>
    public static LogitRow Create(bool isSigSoftmax) => Vector512.IsHardwareAccelerated
        ? Create<Simd512, Vector512<float>>(isSigSoftmax)
        : Vector256.IsHardwareAccelerated
            ? Create<Simd256, Vector256<float>>(isSigSoftmax)
            : Create<Simd128, Vector128<float>>(isSigSoftmax);

    public static LogitRow Create<TSimd, TVector>(bool isSigSoftmax)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        isSigSoftmax ? new LogitRow<TSimd, TVector, SigSoftmax>() : new LogitRow<TSimd, TVector, Softmax>();

    /// <summary>f(z).</summary>
    public abstract float Activate(float z);

    /// <summary>f'(z).</summary>
    public abstract float Slope(float z);

    /// <summary>z = x + bias. Returns the largest; numbers that are none are passed over, and nothing counts below float's smallest.</summary>
    public abstract float AddBias(float* x, float* bias, float* z, int count);

    /// <summary>The same of numbers in bfloat16.</summary>
    public abstract float AddBias(ushort* x, float* bias, float* z, int count);

    /// <summary>The sum of exp(f(z)), of numbers up to max.</summary>
    public abstract ExpSum SumExp(float* z, float max, int count);

    /// <summary>share exp(f(z) - norm) f'(z) in the place of z, added to <paramref name="sums"/> as well.</summary>
    public abstract void Differentiate(float* z, float norm, float share, float* sums, int count);

    /// <summary>log sum_k exp(f(z[k]) + shift[k]), for the logits of K experts in K rows, which it uses up.</summary>
    public abstract void Mix(float** z, float* shifts, int experts, float* result, int count);

    /// <summary>Rounds to bfloat16.</summary>
    public abstract void Round(float* x, ushort* rounded, int count);

    /// <summary>sums += x.</summary>
    public abstract void Add(ushort* x, float* sums, long count);
}

/// <inheritdoc/>
internal sealed unsafe class LogitRow<TSimd, TVector, TActivation> : LogitRow
    where TSimd : struct, ISimdRow<TVector>
    where TVector : struct
    where TActivation : struct, IActivation
{
    public override float Activate(float z) => TActivation.Of(z);

    public override float Slope(float z) => TActivation.Slope(z);

    public override float AddBias(float* x, float* bias, float* z, int count)
    {
        float max = float.MinValue;
        int done = LogitPasses.AddBias<TSimd, TVector>(x, bias, z, 0, count, ref max);
        LogitPasses.AddBias<SimdScalar, float>(x, bias, z, done, count, ref max);
        return max;
    }

    public override float AddBias(ushort* x, float* bias, float* z, int count)
    {
        float max = float.MinValue;
        int done = LogitPasses.AddBias<TSimd, TVector>(x, bias, z, 0, count, ref max);
        LogitPasses.AddBias<SimdScalar, float>(x, bias, z, done, count, ref max);
        return max;
    }

    public override ExpSum SumExp(float* z, float max, int count)
    {
        float sum = 0, offset = MathF.Max(TActivation.Of(max), float.MinValue);
        int done = LogitPasses.SumExp<TSimd, TVector, TActivation>(z, offset, 0, count, ref sum);
        LogitPasses.SumExp<SimdScalar, float, TActivation>(z, offset, done, count, ref sum);
        return new(offset, sum);
    }

    public override void Differentiate(float* z, float norm, float share, float* sums, int count)
    {
        int done = LogitPasses.Differentiate<TSimd, TVector, TActivation>(z, norm, share, sums, 0, count);
        LogitPasses.Differentiate<SimdScalar, float, TActivation>(z, norm, share, sums, done, count);
    }

    public override void Mix(float** z, float* shifts, int experts, float* result, int count)
    {
        int done = LogitPasses.Mix<TSimd, TVector, TActivation>(z, shifts, experts, result, 0, count);
        LogitPasses.Mix<SimdScalar, float, TActivation>(z, shifts, experts, result, done, count);
    }

    public override void Round(float* x, ushort* rounded, int count)
    {
        int done = LogitPasses.Round<TSimd, TVector>(x, rounded, 0, count);
        LogitPasses.Round<SimdScalar, float>(x, rounded, done, count);
    }

    public override void Add(ushort* x, float* sums, long count)
    {
        long done = LogitPasses.Add<TSimd, TVector>(x, sums, 0, count);
        LogitPasses.Add<SimdScalar, float>(x, sums, done, count);
    }
}
