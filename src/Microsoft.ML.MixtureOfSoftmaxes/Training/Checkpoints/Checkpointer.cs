using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>Writes a run's checkpoints, at intervals and on request. All ranks take part, and the first one writes.</summary>
/// <param name="folder">The first rank's; null on the others.</param>
/// <param name="fingerprint">What the run is made of.</param>
/// <param name="interval">The time between two.</param>
/// <param name="ranks">The processes that train together.</param>
internal sealed class Checkpointer(CheckpointFolder? folder, RunFingerprint fingerprint, TimeSpan interval, Ranks ranks)
{
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();

    public void WriteIfDue(TrainingSession session)
    {
        if (ranks.Any(folder is not null && _sinceLast.Elapsed >= interval))
        {
            Write(session);
        }
    }

    /// <exception cref="ArithmeticException">Training has diverged; the checkpoint before stays.</exception>
    public void Write(TrainingSession session)
    {
        session.Settle();
        if (!session.Network.IsFinite)
        {
            throw Divergence.Error("the weights are no longer finite");
        }

        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> memory = session.Memory.Gather();
        folder?.Write(session.State.Steps, path => Checkpoint.Write(path, session, memory, fingerprint));
        _sinceLast.Restart();
    }
}
