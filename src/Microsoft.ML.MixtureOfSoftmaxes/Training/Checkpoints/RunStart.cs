using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>Where a run starts: anew, or at the newest checkpoint of its folder.</summary>
/// <param name="State">Fresh, or the checkpoint's.</param>
/// <param name="Seed">The user's, or the one drawn for the run.</param>
/// <param name="CheckpointPath">The checkpoint that has the tensors; null for a run that starts anew.</param>
/// <param name="Checkpointer">Null for a run without checkpoints.</param>
internal sealed record RunStart(TrainingState State, int Seed, string? CheckpointPath, Checkpointer? Checkpointer)
{
    /// <param name="host">Draws a seed where the user gave none, and takes messages.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <param name="folder">For checkpoints; null for a run without.</param>
    /// <param name="vocabulary">The vocabulary of the data.</param>
    /// <param name="training">What is read each epoch.</param>
    /// <param name="validation">Token ids, or null.</param>
    /// <exception cref="InvalidOperationException">The folder holds another run.</exception>
    /// <exception cref="FormatException">The checkpoint is damaged.</exception>
    public static RunStart Of(
        IHost host, MixtureOfSoftmaxesTrainer.Options options, CheckpointFolder? folder, Vocabulary vocabulary, TokenText training, int[]? validation)
    {
        int? seed = HostSettings.Of(host).Seed;
        var fresh = new TrainingState { LearningRate = options.LearningRate };
        if (folder is null)
        {
            return new(fresh, seed ?? host.Rand.Next(), null, null);
        }

        string? newest = folder.Newest();
        (TrainingState state, RunFingerprint? then, bool hasChecksum) = newest is null ? (fresh, null, true) : Checkpoint.ReadState(newest);

        // Without a seed of the user's the run goes on with the one that was drawn for it.
        RunFingerprint now = RunFingerprint.Of(options, seed ?? then?.Seed ?? host.Rand.Next(), vocabulary, training, validation);
        if (then is not null)
        {
            // A channel of its own, so that an application can show these messages without those of every few seconds.
            using IChannel channel = host.Start("Resuming");
            channel.Info(MessageSensitivity.None, "Going on from '{0}', after {1:N0} tokens.", newest ?? "", state.Tokens);
            if (!hasChecksum)
            {
                channel.Warning(
                    MessageSensitivity.None, "The checkpoint is of an earlier version, without a checksum of its state: check that it is whole.");
            }

            foreach (string difference in now.CheckGoesOn(then, options.LearningRateSchedule))
            {
                channel.Info(MessageSensitivity.None, "An option differs from the checkpoint's: {0}.", difference);
            }
        }

        return new(state, now.Seed, newest, new Checkpointer(folder, now, options.CheckpointInterval));
    }
}
