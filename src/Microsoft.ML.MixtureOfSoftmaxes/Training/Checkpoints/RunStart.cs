using Microsoft.ML.MixtureOfSoftmaxes.Distribution;
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
    /// <summary>The same start on every rank: the first one's seed and checkpoint, and an error where they have different runs.</summary>
    /// <param name="host">Draws a seed where the user gave none, and takes messages.</param>
    /// <param name="options">The options of the trainer.</param>
    /// <param name="folder">For checkpoints; null for a run without, and on all ranks but the first.</param>
    /// <param name="vocabulary">The vocabulary of the data.</param>
    /// <param name="training">What is read each epoch.</param>
    /// <param name="validation">Token ids, or null.</param>
    /// <param name="ranks">The processes that train together.</param>
    /// <exception cref="InvalidOperationException">The folder holds another run.</exception>
    /// <exception cref="FormatException">The checkpoint is damaged.</exception>
    public static RunStart Of(
        IHost host, MixtureOfSoftmaxesTrainer.Options options, CheckpointFolder? folder, Vocabulary vocabulary, ShardedTokens training,
        int[]? validation, Ranks ranks)
    {
        int drawn = (int)ranks.First(host.Rand.Next());
        string? newest = ranks.Text(folder?.Newest());
        (RunStart start, RunFingerprint? now) = ranks.Together(
            () => Of(host, options, folder, string.IsNullOrEmpty(newest) ? null : newest, drawn, vocabulary, training, validation, ranks));
        now?.CheckSame(ranks);
        return start;
    }

    // A run alone without checkpoints is compared with nothing, and needs no fingerprint, for which all of the data is hashed.
    private static (RunStart Start, RunFingerprint? Now) Of(
        IHost host, MixtureOfSoftmaxesTrainer.Options options, CheckpointFolder? folder, string? newest, int drawn, Vocabulary vocabulary,
        ShardedTokens training, int[]? validation, Ranks ranks)
    {
        int? seed = HostSettings.Of(host).Seed;
        (TrainingState state, RunFingerprint? then, bool hasChecksum) = newest is null
            ? (new TrainingState { LearningRate = options.LearningRate }, null, true)
            : Checkpoint.ReadState(newest);

        // Without a seed of the user's the run goes on with the one that was drawn for it.
        int chosen = seed ?? then?.Seed ?? drawn;
        if (options.CheckpointFolder is null && ranks.Count == 1)
        {
            return (new(state, chosen, null, null), null);
        }

        var now = RunFingerprint.Of(options, chosen, vocabulary, training, validation);
        if (then is not null)
        {
            string[] differences = now.CheckGoesOn(then, options.LearningRateSchedule);
            if (ranks.IsFirst)
            {
                Tell(host, newest!, state, hasChecksum, differences);
            }
        }

        Checkpointer? checkpointer = options.CheckpointFolder is null ? null : new(folder, now, options.CheckpointInterval, ranks);
        return (new(state, chosen, newest, checkpointer), now);
    }

    private static void Tell(IHost host, string newest, TrainingState state, bool hasChecksum, string[] differences)
    {
        // A channel of its own, so that an application can show these messages without those of every few seconds.
        using IChannel channel = host.Start("Resuming");
        channel.Info(MessageSensitivity.None, "Going on from '{0}', after {1:N0} tokens.", newest, state.Tokens);
        if (!hasChecksum)
        {
            channel.Warning(
                MessageSensitivity.None, "The checkpoint is of an earlier version, without a checksum of its state: check that it is whole.");
        }

        foreach (string difference in differences)
        {
            channel.Info(MessageSensitivity.None, "An option differs from the checkpoint's: {0}.", difference);
        }
    }
}
