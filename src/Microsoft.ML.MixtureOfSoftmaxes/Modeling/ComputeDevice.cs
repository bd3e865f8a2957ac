using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>The device that the user's <see cref="MLContext"/> asks for: the CPU unless <c>GpuDeviceId</c> is set.</summary>
internal static class ComputeDevice
{
    /// <exception cref="InvalidOperationException">There is no such GPU and <c>FallbackToCpu</c> is not set.</exception>
    /// <exception cref="DllNotFoundException">There is no libtorch.</exception>
    public static Device Choose(HostSettings settings)
    {
        LibTorch.Load();
        if (settings.GpuDeviceId is not int id)
        {
            return CPU;
        }

        int count = cuda.is_available() ? cuda.device_count() : 0;
        if (id >= 0 && id < count)
        {
            return device(DeviceType.CUDA, id);
        }

        return settings.FallbackToCpu
            ? CPU
            : throw new InvalidOperationException(
                $"GpuDeviceId is {id}, but {(count == 0 ? "no GPU is available" : $"there are GPUs 0 to {count - 1}")}. " +
                "Ask for the CPU, or set FallbackToCpu on the MLContext to go on without one.");
    }

    /// <summary>
    /// The precision that is computed in where none was chosen: float32 on a CPU; on a GPU TensorFloat32, provisionally, for what it does to the
    /// perplexity has not been measured yet.
    /// </summary>
    public static Precision PrecisionOn(DeviceType device, Precision? chosen) =>
        chosen ?? (device == DeviceType.CUDA ? Precision.TensorFloat32 : Precision.Float32);

    /// <summary>Seeds the random numbers of every device.</summary>
    public static void Seed(long seed)
    {
        random.manual_seed(seed);
        if (cuda.is_available())
        {
            cuda.manual_seed_all(seed);
        }
    }
}
