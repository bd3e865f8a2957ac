using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>How many bytes of logits are computed at a time: as many as pay on the device, and as fit.</summary>
/// <param name="maximum">Bytes at most; null for what suits the device.</param>
internal sealed class LogitMemory(long? maximum)
{
    // Each chunk adds to the whole gradient with respect to the decoder, which pays from some hundred rows of logits on; below these bytes, calls
    // cost more than memory.
    private const long MinRows = 512;
    private const long MinBytes = 32L << 20;

    // A GPU is busy with a step for milliseconds, and every chunk gives it work of microseconds that cannot be shared out.
    private const long GpuBytes = 1L << 30;
    private const int ShareOfFree = 4;

    private long? _fromGpu;
    private long _mostTokens = long.MaxValue;
    private long _bytesPerToken;

    /// <summary>A pass over tokens in chunks that fit.</summary>
    /// <param name="device">Where they are computed.</param>
    /// <param name="tokens">How many there are.</param>
    /// <param name="bytesPerToken">The logits of a token.</param>
    /// <param name="bytesPerRow">One row of them, where tensor operations run over it.</param>
    public ChunkedPass Pass(Device device, long tokens, long bytesPerToken, long bytesPerRow = 0)
    {
        if (bytesPerToken != _bytesPerToken)
        {
            (_bytesPerToken, _mostTokens) = (bytesPerToken, long.MaxValue);
        }

        long bytes = maximum ?? (device.type == DeviceType.CUDA
            ? _fromGpu ??= OfFree(CudaDriver.Instance?.Memory(device.index).Free)
            : Math.Max(MinBytes, MinRows * bytesPerRow));
        return new(Math.Clamp(bytes / bytesPerToken, 1, Math.Max(1, Math.Min(tokens, _mostTokens))));
    }

    /// <summary>Later passes go on with the size that this one came to, where memory ran out.</summary>
    public void Remember(ChunkedPass pass) => _mostTokens = pass.HasShrunk ? pass.Size : _mostTokens;

    /// <summary>What is taken of free memory.</summary>
    internal static long OfFree(long? free) => Math.Min(GpuBytes, (free ?? GpuBytes * ShareOfFree) / ShareOfFree);
}
