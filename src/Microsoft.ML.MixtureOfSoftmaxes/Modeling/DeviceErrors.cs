using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>What libtorch says when a device fails, as errors that say which it was and what to do about it.</summary>
internal static class DeviceErrors
{
    /// <summary>Computes with a model that is trained.</summary>
    /// <param name="device">Where.</param>
    /// <param name="compute">Its errors that the device has no part in stay as they are, and so do those that have been explained.</param>
    /// <exception cref="InsufficientMemoryException">Memory ran out.</exception>
    /// <exception cref="GpuFailureException">The GPU failed.</exception>
    public static T Run<T>(Device device, Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (Exception e) when (e is not (InsufficientMemoryException or GpuFailureException)
            && Explain(e, device, " while a model was computing", $"{Remedy(device)} A beam search takes less with a lower Width.", "")
                is Exception explained)
        {
            throw explained;
        }
    }

    /// <inheritdoc cref="Run{T}"/>
    public static void Run(Device device, Action compute) => Run(device, () =>
    {
        compute();
        return true;
    });

    /// <summary>Null for what the device has no part in.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="device">Where it was computed.</param>
    /// <param name="doing">What memory was wanted for.</param>
    /// <param name="toLower">What helps against too little of it.</param>
    /// <param name="after">What else is to be known.</param>
    public static Exception? Explain(Exception exception, Device device, string doing, string toLower, string after) =>
        OutOfMemory.Is(exception)
            ? new InsufficientMemoryException($"Memory ran out{On(device)}{doing}. {toLower}{after}", exception)
        : GpuFailure.Is(exception)
            ? new GpuFailureException($"{GpuFailure.Explain(exception, Gpu(device))}{after}", exception)
        : null;

    private static int? Gpu(Device device) => device.type == DeviceType.CUDA ? device.index : null;

    private static string On(Device device) => Gpu(device) is int id ? $" on GPU {id}" : "";

    private static string Remedy(Device device) => Gpu(device) is null
        ? "Free some, by ending what else runs here."
        : "Free some, by ending what else computes there (nvidia-smi lists it), or take another GpuDeviceId or the CPU.";
}
