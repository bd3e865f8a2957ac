using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>The memory of tensors that are on the CPU and contiguous.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Where the tensor's numbers stand, valid as long as the tensor is alive; null for no tensor.</summary>
    public static float* Floats(this Tensor? tensor) => tensor is null ? null : (float*)tensor.Memory();

    /// <summary>Where the tensor's elements stand; valid as long as the tensor is alive.</summary>
    public static void* Memory(this Tensor tensor)
    {
        // TorchSharp shows at most 2 GB at a time.
        using Tensor flat = tensor.view(-1);
        using Tensor first = flat.narrow(0, 0, Math.Min(1, flat.numel()));
        return Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
