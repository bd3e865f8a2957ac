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

    public void Write(TrainingSession session)
    {
        folder.Write(session.State.Steps, path => Checkpoint.Write(path, session, fingerprint));
        _sinceLast.Restart();
    }
}
