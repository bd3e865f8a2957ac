namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>Door: tells what went wrong with a GPU from libtorch's other errors, by their texts, for it has no types for them.</summary>
internal static class GpuFailure
{
    private static readonly string[] s_marks =
        ["CUDA error", "CUDA driver error", "CUDNN_STATUS", "cuDNN error", "CUBLAS_STATUS", "CUDA: ", "NVML_SUCCESS"];

    public static bool Is(Exception exception) => exception is GpuFailureException
        || (!OutOfMemory.Is(exception) && s_marks.Any(mark => exception.Message.Contains(mark, StringComparison.OrdinalIgnoreCase)));

    /// <summary>What it is, and what to do.</summary>
    /// <param name="exception">What libtorch threw, or an error that was made of it.</param>
    /// <param name="gpu">Which; null if that is not known.</param>
    public static string Explain(Exception exception, int? gpu = null)
    {
        // The rest is libtorch's advice to those who debug it, and its stack.
        string reason = exception.GetBaseException().Message.Split('\n')[0].TrimEnd('.', '\r');
        string remedy = reason.Contains("busy", StringComparison.OrdinalIgnoreCase)
            ? "Another program has it for itself, or it is not to be used: choose another GpuDeviceId, or try again later"
            : "nvidia-smi shows whether it is still there; this process can no longer use it, so start again";
        return $"{(gpu is int id ? $"GPU {id}" : "The GPU")} failed: {reason}. {remedy}.";
    }
}

/// <summary>A GPU failed; the message says which, how, and what to do.</summary>
internal sealed class GpuFailureException(string message, Exception cause) : InvalidOperationException(message, cause);
