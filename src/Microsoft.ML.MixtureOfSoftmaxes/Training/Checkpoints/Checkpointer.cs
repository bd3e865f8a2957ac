using System.Diagnostics;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training.Checkpoints;

/// <summary>Writes a run's checkpoints, now and then and when told to.</summary>
internal sealed class Checkpointer(CheckpointFolder folder, IReadOnlyDictionary<string, string> fingerprint, TimeSpan interval)
{
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();

    public void WriteIfDue(TrainingSession session)
    {
        if (_sinceLast.Elapsed >= interval)
        {
            Write(session);
        }
    }

    /// <exception cref="ArithmeticException">The weights are not finite; the checkpoint before stays.</exception>
    public void Write(TrainingSession session)
    {
        if (!session.Network.IsFinite)
        {
            throw new ArithmeticException("Training has diverged: the weights are no longer finite. Lower LearningRate or ClipNorm.");
        }

        folder.Write(session.State.Steps, path => Checkpoint.Write(path, session, fingerprint));
        _sinceLast.Restart();
    }
}
