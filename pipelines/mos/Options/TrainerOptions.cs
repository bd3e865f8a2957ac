using Settings = Microsoft.ML.MixtureOfSoftmaxes.MixtureOfSoftmaxesTrainer.Options;

namespace Mos.Options;

/// <summary>The trainer's options.</summary>
internal sealed class TrainerOptions() : PropertyOptions<Settings>(new Dictionary<string, string>
{
    [nameof(Settings.MaximumEpochs)] = "--epochs",
    [nameof(Settings.MaximumTokens)] = "--max-tokens",
    [nameof(Settings.CheckpointFolder)] = "--checkpoints",
});
