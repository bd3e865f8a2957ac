using System.Runtime.Intrinsics;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>Work that is written for vectors of any width.</summary>
internal interface ISimdWork
{
    void Run<TSimd, TVector>()
        where TSimd : ISimd<TVector>
        where TVector : struct;
}

/// <summary>Which width to work in.</summary>
internal static class SimdWidth
{
    /// <summary>
    /// Whether there are vectors with a fused multiplication and addition: on ARM, and on x64 with AVX2, that is nearly everywhere. Elsewhere
    /// libtorch's own operators are faster than these kernels.
    /// </summary>
    public static bool IsSupported => Vector256.IsHardwareAccelerated || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported;

    /// <summary>Floats in the widest vectors of the processor, of those that fit twice into so many floats.</summary>
    public static int Widest(int floats) => new[] { Vector512<float>.Count, Vector256<float>.Count, Vector128<float>.Count }
        .FirstOrDefault(width => IsAccelerated(width) && 2 * width <= floats, defaultValue: 1);

    /// <summary>Runs work in vectors of so many floats.</summary>
    public static void Run<TWork>(TWork work, int width)
        where TWork : ISimdWork
    {
        switch (width)
        {
            case 16:
                work.Run<Simd512, Vector512<float>>();
                break;
            case 8:
                work.Run<Simd256, Vector256<float>>();
                break;
            case 4:
                work.Run<Simd128, Vector128<float>>();
                break;
            default:
                work.Run<SimdScalar, float>();
                break;
        }
    }

    private static bool IsAccelerated(int width) => width switch
    {
        16 => Vector512.IsHardwareAccelerated,
        8 => Vector256.IsHardwareAccelerated,
        _ => Vector128.IsHardwareAccelerated,
    };
}
