using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Settings = Microsoft.ML.MixtureOfSoftmaxes.MixtureOfSoftmaxesTrainer.Options;

namespace Mos.Options;

/// <summary>The options of commands that train: how text becomes tokens, and how a model learns from them.</summary>
/// <param name="left">Properties of the trainer that the command sets by options of its own.</param>
internal sealed class TrainingChoices(params string[] left)
{
    private readonly Option<string> _preset = CreatePreset();
    private readonly Option<int?> _device = CommonOptions.Device();

    private readonly PropertyOptions<Settings> _trainer = new(
        new Dictionary<string, string>
        {
            [nameof(Settings.MaximumEpochs)] = "--epochs",
            [nameof(Settings.MaximumTokens)] = "--max-tokens",
            [nameof(Settings.CheckpointFolder)] = "--checkpoints",
            [nameof(Settings.TensorBoardFolder)] = "--tensorboard",
            [nameof(Settings.TokenCacheFolder)] = "--cache",
        },
        [nameof(Settings.ShardColumnName), nameof(Settings.TokenCacheKey), .. left]);

    private readonly Option<bool> _shuffleFiles = new("--shuffle-files")
    {
        Description = "Read the training files in another order each epoch.",
    };

    public TableChoices Tables { get; } = new();

    public TokenizerOptions Tokenizer { get; } = new();

    public IEnumerable<Option> All => [.. Tables.All, _preset, _device, _shuffleFiles, .. Tokenizer.All, .. _trainer.All];

    /// <summary>Those that decide what the tokens are.</summary>
    public IEnumerable<Option> OfText => [.. Tables.All, .. Tokenizer.All];

    /// <summary>The id of the GPU to train on; null for the CPU.</summary>
    public int? Device(Session session) => session.Get(_device);

    /// <summary>The preset, and what the command line says instead.</summary>
    public Settings Create(Session session)
    {
        Settings settings = Preset.Find(session.Get(_preset)).Create();
        _trainer.Apply(session, settings);
        settings.ShardColumnName = session.Get(_shuffleFiles) ? nameof(TextLine.FileIndex) : null;
        return settings;
    }

    private static Option<string> CreatePreset()
    {
        Option<string> preset = ScalarValue.CreateChoice("--preset", Preset.All[0].Name, Preset.All.Select(p => p.Name));
        preset.Description = "Settings to start from; options given explicitly override them. " +
            string.Join("; ", Preset.All.Select(p => $"{p.Name}: {p.Description}")) + ".";
        return preset;
    }
}
