using System.Diagnostics;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>Writes a run's checkpoints, at intervals and on request.</summary>
internal sealed class Checkpointer(CheckpointFolder folder, RunFingerprint fingerprint, TimeSpan interval)
{
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();

    public void WriteIfDue(TrainingSession session)
    {
        if (_sinceLast.Elapsed >= interval)
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

        folder.Write(session.State.Steps, path => Checkpoint.Write(path, session, fingerprint));
        _sinceLast.Restart();
    }
}
