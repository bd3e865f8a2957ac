using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vector = System.Runtime.Intrinsics.Vector256<float>;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>Vectors of 256 bits.</summary>
internal unsafe partial struct Simd256 : ISimd<Vector>
{
    public static int Count => Vector.Count;

    public static bool HasManyRegisters => false;

    public static Vector Zero => Vector.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Create(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector x, float* destination) => x.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector MultiplyAdd(Vector a, Vector b, Vector c) => Vector256.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Add(Vector a, Vector b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Subtract(Vector a, Vector b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Multiply(Vector a, Vector b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Divide(Vector a, Vector b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Max(Vector a, Vector b) => Vector256.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Abs(Vector x) => Vector256.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector CopySign(Vector magnitude, Vector sign) => Vector256.CopySign(magnitude, sign);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector WhereLess(Vector a, Vector b, Vector then, Vector otherwise) =>
        Vector256.ConditionalSelect(Vector256.LessThan(a, b), then, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector PowerOfTwo(Vector n) =>
        Vector256.ShiftLeft(Vector256.ConvertToInt32Native(n) + Vector256.Create(127), 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector a, Vector b, Vector c, Vector d) =>
        Simd128.Sums(a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper(), c.GetLower() + c.GetUpper(), d.GetLower() + d.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector LoadLow(uint* source) => Vector256.ShiftLeft(Vector256.Load(source), 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector LoadHigh(uint* source) => (Vector256.Load(source) & Vector256.Create(0xFFFF0000u)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Vector low, Vector high, uint* destination) =>
        (Vector256.ShiftRightLogical(Round(low), 16) | (Round(high) & Vector256.Create(0xFFFF0000u))).Store(destination);

    /// <summary>The nearest bfloat16, to even between two, in the upper half of each word; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Round(Vector x)
    {
        Vector256<uint> bits = x.AsUInt32();
        Vector256<uint> odd = Vector256.ShiftRightLogical(bits, 16) & Vector256.Create(1u);
        return Vector256.ConditionalSelect(Vector256.Equals(x, x).AsUInt32(), bits + odd + Vector256.Create(0x7FFFu), bits | Vector256.Create(0x400000u));
    }
}
