using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>What this process holds when garbage is collected.</summary>
/// <param name="Megabytes">Resident memory, of .NET and of libtorch.</param>
/// <param name="Tensors">Native tensors. TorchSharp counts one too many for each parameter that is made.</param>
internal readonly record struct ProcessMemory(long Megabytes, long Tensors)
{
    /// <summary>
    /// Garbage of tests that ran before must be gone before anything is counted, or the finalizers of its tensors run between two counts.
    /// What a finalizer lets go has finalizers too, so this goes on until nothing more is freed.
    /// </summary>
    public static ProcessMemory Now()
    {
        long tensors;
        do
        {
            tensors = Tensor.TotalCount;
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        while (Tensor.TotalCount != tensors);

        return new(Environment.WorkingSet >> 20, tensors);
    }
}
