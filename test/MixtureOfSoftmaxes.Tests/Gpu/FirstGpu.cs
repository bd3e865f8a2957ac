using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Gpu;

/// <summary>The first GPU; tests of it are of the category Gpu, and skipped without one.</summary>
internal static class FirstGpu
{
    public const string Category = "Gpu";

    public static Device Device => device(DeviceType.CUDA, 0);

    /// <summary>For the initialisation of a test.</summary>
    public static void Require()
    {
        if (!cuda.is_available())
        {
            Assert.Inconclusive("There is no GPU that libtorch can use (build/test-gpu.sh says how to try one).");
        }
    }

    /// <summary>A context that computes on it.</summary>
    public static MLContext Context(int? seed = 1) => new(seed) { GpuDeviceId = 0 };
}
