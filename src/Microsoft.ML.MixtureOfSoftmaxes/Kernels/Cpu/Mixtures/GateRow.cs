using System.Runtime.Intrinsics;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>Passes over one token's rows of a tile of words that have gates of their own.</summary>
internal abstract unsafe class GateRow
{
    /// <summary>The passes in the widest vectors that the processor has.</summary>
    public static GateRow Create(bool isRounded) => Vector512.IsHardwareAccelerated
        ? Create<Simd512, Vector512<float>>(isRounded)
        : Vector256.IsHardwareAccelerated
            ? Create<Simd256, Vector256<float>>(isRounded)
            : Create<Simd128, Vector128<float>>(isRounded);

    public static GateRow Create<TSimd, TVector>(bool isRounded)
        where TSimd : struct, ISimdRow<TVector>
        where TVector : struct =>
        isRounded ? new GateRow<TSimd, TVector, BFloat16Numbers>() : new GateRow<TSimd, TVector, Float32Numbers>();

    /// <summary>z = the mixture of the experts' logits.</summary>
    public abstract void Mix(GateRows rows, float* z, int count);

    /// <summary>
    /// From the gradients with respect to the mixtures those with respect to the experts' logits and the gates before the sigmoid, in their places;
    /// the sums of the latter over the words are added to <paramref name="gradShared"/>, and they themselves to <paramref name="gradBias"/>, whose
    /// rows are as far apart as those of biases.
    /// </summary>
    public abstract void Differentiate(GateRows rows, float* gradZ, float* gradShared, float* gradBias, int count);
}

/// <inheritdoc/>
internal sealed unsafe class GateRow<TSimd, TVector, TNumbers> : GateRow
    where TSimd : struct, ISimdRow<TVector>
    where TVector : struct
    where TNumbers : struct, INumbers
{
    public override void Mix(GateRows rows, float* z, int count)
    {
        int done = GatePasses.Mix<TSimd, TVector, TNumbers>(rows, z, 0, count);
        GatePasses.Mix<SimdScalar, float, TNumbers>(rows, z, done, count);
    }

    public override void Differentiate(GateRows rows, float* gradZ, float* gradShared, float* gradBias, int count)
    {
        int done = GatePasses.Differentiate<TSimd, TVector, TNumbers>(rows, gradZ, gradShared, gradBias, 0, count);
        GatePasses.Differentiate<SimdScalar, float, TNumbers>(rows, gradZ, gradShared, gradBias, done, count);
    }
}
