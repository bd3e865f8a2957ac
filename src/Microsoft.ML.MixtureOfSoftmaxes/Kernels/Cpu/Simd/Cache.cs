using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>The processor's cache.</summary>
internal static unsafe class Cache
{
    /// <summary>Floats in a line.</summary>
    public const int LineFloats = 16;

    /// <summary>
    /// Has the line with an address brought into the second level: processors do so by themselves within a page, and rows of weights are about as
    /// long as one. Any address will do. .NET has the instruction for x64 alone.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }
}
