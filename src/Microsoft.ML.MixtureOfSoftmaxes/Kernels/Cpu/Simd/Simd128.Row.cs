using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vector = System.Runtime.Intrinsics.Vector128<float>;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

internal unsafe partial struct Simd128 : ISimdRow<Vector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOf(Vector x) => Vector128.Sum(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxOf(Vector x) => float.MaxNative(float.MaxNative(x[0], x[1]), float.MaxNative(x[2], x[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector Log(Vector x) => Vector128.Log(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector LoadBFloat16(ushort* source) =>
        (Vector128.WidenLower(Vector64.Load(source).ToVector128Unsafe()) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBFloat16(Vector x, ushort* destination)
    {
        Vector128<uint> rounded = Vector128.ShiftRightLogical(Round(x), 16);
        Vector128.Narrow(rounded, rounded).GetLower().Store(destination);
    }
}
