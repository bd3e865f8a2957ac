using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vector = System.Runtime.Intrinsics.Vector512<float>;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

internal unsafe partial struct Simd512 : ISimdRow<Vector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOf(Vector x) => Vector512.Sum(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxOf(Vector x) => Simd256.MaxOf(Vector256.MaxNative(x.GetLower(), x.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Log(Vector x) => Vector512.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector LoadBFloat16(ushort* source) =>
        (Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe()) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(Vector x, ushort* destination)
    {
        Vector512<uint> rounded = Vector512.ShiftRightLogical(Round(x), 16);
        Vector512.Narrow(rounded, rounded).GetLower().Store(destination);
    }
}
