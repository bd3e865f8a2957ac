using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interop;

/// <summary>What libtorch says when a GPU fails, and what its user is told.</summary>
[TestClass]
public sealed class GpuFailureTests
{
    private const string Trace =
        "\nCUDA kernel errors might be asynchronously reported at some other API call.\nException raised from c10_cuda_check";

    private static Device Second => new("cuda:1");

    [TestMethod]
    [DataRow("CUDA error: CUDA-capable device(s) is/are busy or unavailable", "another GpuDeviceId")]
    [DataRow("CUDA error: unspecified launch failure", "start again")]
    [DataRow("CUDA error: uncorrectable ECC error encountered", "start again")]
    [DataRow("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED", "start again")]
    [DataRow("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm(...)`", "start again")]
    [DataRow("NVML_SUCCESS == DriverAPI::get()->nvmlInit_v2_() INTERNAL ASSERT FAILED at \"CUDACachingAllocator.cpp\":1000", "start again")]
    public void A_GPU_that_is_busy_or_has_vanished_ends_training_with_what_to_do(string text, string remedy)
    {
        var error = new InvalidOperationException(text + Trace);
        Exception explained = Assert.IsInstanceOfType<InvalidOperationException>(TrainingError.Explain(error, Second, 1000));
        foreach (string part in (string[])["GPU 1 failed", text, remedy, "Checkpoints that were written are intact", "Resume"])
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
    [DataRow("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED")]
    public void A_full_one_says_what_to_lower(string text)
    {
        Assert.IsFalse(GpuFailure.Is(new InvalidOperationException(text)));
        Exception explained = Assert.IsInstanceOfType<InsufficientMemoryException>(
            TrainingError.Explain(new InvalidOperationException(text), Second, 1000));
        Assert.StartsWith("Memory ran out on GPU 1 while training 1,000 parameters. Lower PassBatchSize", explained.Message);
        Assert.Contains("MaximumLogitMemory", explained.Message);
    }

    [TestMethod]
    [DataRow("The size of tensor a (3) must match the size of tensor b (4)")]
    [DataRow("Training has diverged: the loss of step 3 is NaN, its gradient norm NaN.")]
    public void Other_errors_are_not_explained_away(string text)
    {
        var error = new InvalidOperationException(text);
        Assert.IsNull(TrainingError.Explain(error, Second, 1000));
        Assert.AreSame(error, Assert.ThrowsExactly<InvalidOperationException>(() => DeviceErrors.Run(Second, () => throw error)));
    }

    [TestMethod]
    public void What_is_explained_once_stays_as_it_is_but_for_what_training_adds()
    {
        GpuFailureException inner = Assert.ThrowsExactly<GpuFailureException>(() => DeviceErrors.Run(Second, () => DeviceErrors.Run(
            Second, () => throw new InvalidOperationException("CUDA error: device-side assert triggered" + Trace))));
        Assert.StartsWith("GPU 1 failed: CUDA error: device-side assert triggered. nvidia-smi", inner.Message);
        Exception training = TrainingError.Explain(inner, Second, 1000)!;
        Assert.StartsWith(inner.Message, training.Message);
        Assert.EndsWith("Resume goes on from the newest.", training.Message);
    }

    [TestMethod]
    public void A_full_GPU_says_which_it_is_and_what_to_free()
    {
        InsufficientMemoryException error = Assert.ThrowsExactly<InsufficientMemoryException>(
            () => DeviceErrors.Run(Second, () => throw new InvalidOperationException("CUDA out of memory." + Trace)));
        foreach (string part in (string[])["on GPU 1", "nvidia-smi", "another GpuDeviceId", "Width"])
        {
            Assert.Contains(part, error.Message);
        }
    }
}
