using Microsoft.ML.MixtureOfSoftmaxes;
using Settings = Microsoft.ML.MixtureOfSoftmaxes.MixtureOfSoftmaxesTrainer.Options;

namespace Mos.Options;

/// <summary>Settings of the trainer that belong together.</summary>
internal sealed record Preset(string Name, string Description, Func<Settings> Create)
{
    public static IReadOnlyList<Preset> All { get; } =
    [
        new("small", "the trainer's defaults, for a corpus of a million tokens on a CPU", () => new()),
        new("ptb", "the published sizes and rates for Penn Treebank", PennTreebank),
        new("wikitext-2", "the published sizes and rates for WikiText-2", WikiText2),
    ];

    public static Preset Find(string name) => All.Single(p => p.Name == name);

    private static Settings PennTreebank() => new()
    {
        EmbeddingSize = 280,
        HiddenSize = 960,
        LastHiddenSize = 620,
        Experts = 15,
        BatchSize = 12,
        SequenceLength = 70,
        SequenceLengthDeviation = 5,
        SequenceLengthExcess = 40,
        LearningRateSchedule = LearningRateSchedule.Constant,
        AveragingWindow = 5,
        MaximumEpochs = 1000,
        LearningRate = 20,
        FinetuneEpochs = 1000,
        FinetuneLearningRate = 25,
        InputDropout = 0.4,
        HiddenDropout = 0.225,
        LatentDropout = 0.29,
        OutputDropout = 0.4,
        WordDropout = 0.1,
        WeightDropout = 0.5,
        ActivationRegularization = 2,
        TemporalActivationRegularization = 1,
        ClipNorm = 0.25,
        WeightDecay = 1.2e-6,
    };

    private static Settings WikiText2()
    {
        Settings settings = PennTreebank();
        settings.EmbeddingSize = 300;
        settings.HiddenSize = 1150;
        settings.LastHiddenSize = 650;
        settings.BatchSize = 15;
        settings.PassBatchSize = 5;
        settings.SequenceLengthExcess = 20;
        settings.LearningRate = 15;
        settings.FinetuneLearningRate = 20;
        settings.InputDropout = 0.55;
        settings.HiddenDropout = 0.2;
        return settings;
    }
}
