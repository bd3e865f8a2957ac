using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>A device that fails while it trains.</summary>
internal static class TrainingError
{
    /// <summary>Null for what the device has no part in.</summary>
    /// <param name="exception">What ended training.</param>
    /// <param name="device">Where it trained.</param>
    /// <param name="parameters">Those of the network.</param>
    public static Exception? Explain(Exception exception, Device device, long parameters) => DeviceErrors.Explain(
        exception, device, $" while training {parameters:N0} parameters",
        "Lower PassBatchSize (the result stays), BatchSize or SequenceLength, on a GPU MaximumLogitMemory, or make the network smaller.",
        " Checkpoints that were written are intact; Resume goes on from the newest.");
}
