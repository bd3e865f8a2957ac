using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>What libtorch says when the device fails, as errors that say what to do about it.</summary>
internal static class DeviceErrors
{
    private const string Intact = "Checkpoints that were written are intact.";

    /// <summary>Null for what the device has no part in.</summary>
    /// <param name="exception">What ended training.</param>
    /// <param name="parameters">Those of the network.</param>
    public static Exception? Explain(Exception exception, long parameters) =>
        OutOfMemory.Is(exception)
            ? new InsufficientMemoryException(
                $"Memory ran out while training {parameters:N0} parameters. Lower PassBatchSize (the result stays), BatchSize or " +
                $"SequenceLength, on a GPU MaximumLogitMemory, or make the network smaller. {Intact}", exception)
        : GpuFailure.Is(exception)
            ? new InvalidOperationException($"{GpuFailure.Explain(exception)} {Intact} Resume goes on from the newest.", exception)
        : null;
}
