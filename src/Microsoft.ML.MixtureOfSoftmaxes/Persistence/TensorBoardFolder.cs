using TorchSharp.Modules;
using static TorchSharp.torch.utils;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// Scalars that TensorBoard shows, in an event file of their own in a folder, which is one run there. What has been added is in the file.
/// </summary>
internal sealed class TensorBoardFolder(string path)
{
    private readonly SummaryWriter _writer = tensorboard.SummaryWriter(path);

    /// <param name="tag">The name of the series; what stands before a slash groups it with others.</param>
    /// <param name="value">Its value.</param>
    /// <param name="step">Where it stands; event files have room for more, TorchSharp for 31 bits.</param>
    public void Add(string tag, double value, long step) => _writer.add_scalar(tag, (float)value, (int)Math.Min(step, int.MaxValue));
}
