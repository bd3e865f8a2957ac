using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vector = System.Runtime.Intrinsics.Vector256<float>;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

internal unsafe partial struct Simd256 : ISimdRow<Vector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOf(Vector x) => Vector256.Sum(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxOf(Vector x) => Simd128.MaxOf(Vector128.MaxNative(x.GetLower(), x.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Log(Vector x) => Vector256.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector LoadBFloat16(ushort* source) =>
        (Vector256.WidenLower(Vector128.Load(source).ToVector256Unsafe()) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(Vector x, ushort* destination)
    {
        Vector256<uint> rounded = Vector256.ShiftRightLogical(Round(x), 16);
        Vector256.Narrow(rounded, rounded).GetLower().Store(destination);
    }
}
