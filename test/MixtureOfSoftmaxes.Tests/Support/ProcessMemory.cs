using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>What this process holds when garbage is collected.</summary>
/// <param name="Megabytes">Resident memory, of .NET and of libtorch.</param>
/// <param name="Tensors">Native tensors. TorchSharp counts one too many for each parameter that is made.</param>
internal readonly record struct ProcessMemory(long Megabytes, long Tensors)
{
    public static ProcessMemory Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return new(Environment.WorkingSet >> 20, Tensor.TotalCount);
    }
}
