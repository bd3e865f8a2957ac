using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>The memory of tensors that are on the CPU and contiguous.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Where the tensor's numbers stand; valid as long as the tensor is alive.</summary>
    public static float* Floats(this Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
