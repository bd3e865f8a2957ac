using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using Vector = System.Runtime.Intrinsics.Vector128<float>;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>Vectors of 128 bits.</summary>
internal unsafe partial struct Simd128 : ISimd<Vector>
{
    public static int Count => Vector.Count;

    public static bool HasManyRegisters => AdvSimd.IsSupported;

    public static Vector Zero => Vector.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Create(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Load(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector x, float* destination) => x.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector MultiplyAdd(Vector a, Vector b, Vector c) => Vector128.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Add(Vector a, Vector b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Subtract(Vector a, Vector b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Multiply(Vector a, Vector b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Divide(Vector a, Vector b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Max(Vector a, Vector b) => Vector128.MaxNative(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Abs(Vector x) => Vector128.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector CopySign(Vector magnitude, Vector sign) => Vector128.CopySign(magnitude, sign);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector WhereLess(Vector a, Vector b, Vector then, Vector otherwise) =>
        Vector128.ConditionalSelect(Vector128.LessThan(a, b), then, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector PowerOfTwo(Vector n) =>
        Vector128.ShiftLeft(Vector128.ConvertToInt32Native(n) + Vector128.Create(127), 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector a, Vector b, Vector c, Vector d)
    {
        Vector ab = AddNeighbours(a, b), cd = AddNeighbours(c, d);
        Vector upper = Vector128.Create(0, 0, -1, -1).AsSingle();
        return Vector128.ConditionalSelect(upper, cd, ab) + Vector128.Shuffle(Vector128.ConditionalSelect(upper, ab, cd), Vector128.Create(2, 3, 0, 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector LoadLow(uint* source) => Vector128.ShiftLeft(Vector128.Load(source), 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector LoadHigh(uint* source) => (Vector128.Load(source) & Vector128.Create(0xFFFF0000u)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(Vector low, Vector high, uint* destination) =>
        (Vector128.ShiftRightLogical(Round(low), 16) | (Round(high) & Vector128.Create(0xFFFF0000u))).Store(destination);

    /// <summary>The nearest bfloat16, to even between two, in the upper half of each word; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Round(Vector x)
    {
        Vector128<uint> bits = x.AsUInt32();
        Vector128<uint> odd = Vector128.ShiftRightLogical(bits, 16) & Vector128.Create(1u);
        return Vector128.ConditionalSelect(Vector128.Equals(x, x).AsUInt32(), bits + odd + Vector128.Create(0x7FFFu), bits | Vector128.Create(0x400000u));
    }

    /// <summary>a0 + a1, b0 + b1, a2 + a3, b2 + b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector AddNeighbours(Vector a, Vector b)
    {
        Vector odd = Vector128.Create(0, -1, 0, -1).AsSingle();
        return Vector128.ConditionalSelect(odd, b, a) + Vector128.Shuffle(Vector128.ConditionalSelect(odd, a, b), Vector128.Create(1, 0, 3, 2));
    }
}
