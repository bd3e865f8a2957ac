using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>Draws dropout masks where they are needed: the very numbers of <see cref="DropoutMask.Create"/>.</summary>
internal static class CudaDropoutMask
{
    private const int Threads = 256;

    /// <summary>Rows of a mask, float32, [rows, length].</summary>
    /// <param name="mask">Which.</param>
    /// <param name="launcher">Runs the kernel.</param>
    /// <param name="device">Where the launcher does.</param>
    /// <param name="firstRow">The first of the rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="length">Numbers in a row.</param>
    public static Tensor Create(DropoutMask mask, IKernelLauncher launcher, Device device, int firstRow, int rows, int length)
    {
        Tensor result = empty([rows, length], ScalarType.Float32, device);
        int counters = (length + DropoutMask.Group - 1) / DropoutMask.Group * DropoutMask.Counters;
        launcher.Launch(
            "dropout_mask", (int)((((long)rows * counters) + Threads - 1) / Threads), Threads, TensorPointer.Of(result), (long)mask.Seed, mask.Mask,
            mask.Pass, (long)mask.Dropped, BitConverter.SingleToUInt32Bits(mask.Kept), firstRow, rows, length, counters);
        return result;
    }
}
