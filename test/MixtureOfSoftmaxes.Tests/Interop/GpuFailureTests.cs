using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Training;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interop;

/// <summary>What libtorch says when a GPU fails, and what its user is told.</summary>
[TestClass]
public sealed class GpuFailureTests
{
    private const string Trace =
        "\nCUDA kernel errors might be asynchronously reported at some other API call.\nException raised from c10_cuda_check";

    [TestMethod]
    [DataRow("CUDA error: CUDA-capable device(s) is/are busy or unavailable", "another GpuDeviceId")]
    [DataRow("CUDA error: unspecified launch failure", "start again")]
    [DataRow("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED", "start again")]
    [DataRow("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm(...)`", "start again")]
    public void A_GPU_that_is_busy_or_has_vanished_ends_training_with_what_to_do(string text, string remedy)
    {
        var error = new InvalidOperationException(text + Trace);
        Exception explained = Assert.IsInstanceOfType<InvalidOperationException>(DeviceErrors.Explain(error, 1000));
        foreach (string part in (string[])[text, remedy, "Checkpoints that were written are intact", "Resume"])
        {
            Assert.Contains(part, explained.Message, StringComparison.OrdinalIgnoreCase);
        }

        Assert.DoesNotContain("c10_cuda_check", explained.Message);
        Assert.AreSame(error, explained.InnerException);
    }

    [TestMethod]
    [DataRow("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 8 GiB")]
    [DataRow("CUDA error: out of memory")]
    [DataRow("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`")]
    public void A_full_one_says_what_to_lower(string text)
    {
        Assert.IsFalse(GpuFailure.Is(new InvalidOperationException(text)));
        Exception explained = Assert.IsInstanceOfType<InsufficientMemoryException>(DeviceErrors.Explain(new InvalidOperationException(text), 1000));
        Assert.Contains("MaximumLogitMemory", explained.Message);
        Assert.Contains("1,000 parameters", explained.Message);
    }

    [TestMethod]
    [DataRow("The size of tensor a (3) must match the size of tensor b (4)")]
    [DataRow("Training has diverged: the loss of step 3 is NaN, its gradient norm NaN.")]
    public void Other_errors_are_not_explained_away(string text) =>
        Assert.IsNull(DeviceErrors.Explain(new InvalidOperationException(text), 1000));
}
