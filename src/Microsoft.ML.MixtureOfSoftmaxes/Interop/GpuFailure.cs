namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>Door: tells what went wrong with a GPU from libtorch's other errors, by their texts, for it has no types for them.</summary>
internal static class GpuFailure
{
    private static readonly string[] s_marks = ["CUDA error", "CUDA driver error", "CUDNN_STATUS", "cuDNN error", "CUBLAS_STATUS", "CUDA: "];

    public static bool Is(Exception exception) =>
        !OutOfMemory.Is(exception) && s_marks.Any(mark => exception.Message.Contains(mark, StringComparison.OrdinalIgnoreCase));

    /// <summary>What it is, and what to do.</summary>
    public static string Explain(Exception exception)
    {
        // The rest is libtorch's advice to those who debug it, and its stack.
        string reason = exception.Message.Split('\n')[0].TrimEnd('.', '\r');
        string remedy = reason.Contains("busy", StringComparison.OrdinalIgnoreCase)
            ? "Another program has it for itself, or it is not to be used: choose another GpuDeviceId, or try again later"
            : "nvidia-smi shows whether it is still there; this process can no longer use it, so start again";
        return $"The GPU failed: {reason}. {remedy}.";
    }
}
