using System.Runtime.Intrinsics;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// What kernels compute with: vectors of float32, as wide as the processor has them. A kernel is written once, over this, and compiled by the
/// runtime for each width.
/// </summary>
/// <typeparam name="TVector">The vector, such as Vector512 of float.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Whether there are 32 registers, and not 16.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Create(float value);

    static abstract TVector Load(float* source);

    static abstract void Store(TVector x, float* destination);

    /// <summary>a b + c, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>The larger of two; NaN if b is.</summary>
    static abstract TVector Max(TVector a, TVector b);

    static abstract TVector Abs(TVector x);

    /// <summary>The magnitude of one with the sign of the other.</summary>
    static abstract TVector CopySign(TVector magnitude, TVector sign);

    /// <summary>Where a &lt; b the one, elsewhere the other.</summary>
    static abstract TVector WhereLess(TVector a, TVector b, TVector then, TVector otherwise);

    /// <summary>2^n for whole numbers n from -126 to 127, given as floats.</summary>
    static abstract TVector PowerOfTwo(TVector n);

    /// <summary>The sum over each of four vectors.</summary>
    static abstract Vector128<float> Sums(TVector a, TVector b, TVector c, TVector d);

    /// <summary>Of words that hold two bfloat16 numbers each, those in the low halves.</summary>
    static abstract TVector LoadLow(uint* source);

    /// <summary>Of words that hold two bfloat16 numbers each, those in the high halves.</summary>
    static abstract TVector LoadHigh(uint* source);

    /// <summary>Stores words that hold two bfloat16 numbers each, the nearest to these.</summary>
    static abstract void StorePairs(TVector low, TVector high, uint* destination);
}
