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
        new("one-billion-word", "sizes and rates of this program's own choice for One Billion Word, not run yet", OneBillionWord),
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

    // The paper has a figure for it, a test perplexity of 37.10, and an embedding and decoder of all 793,471 words are as large as its network at
    // d = 128. A text that is read once or twice needs little dropout.
    private static Settings OneBillionWord() => new()
    {
        EmbeddingSize = 128,
        HiddenSize = 1024,
        LayerCount = 2,
        Experts = 4,
        BatchSize = 128,
        SequenceLength = 35,
        Optimizer = LanguageModelOptimizer.Adam,
        LearningRate = 0.001,
        LearningRateSchedule = LearningRateSchedule.Cosine,
        WarmupSteps = 2_000,
        MaximumEpochs = 2,
        InputDropout = 0.1,
        HiddenDropout = 0.1,
        LatentDropout = 0.1,
        OutputDropout = 0.1,
        WordDropout = 0,
        WeightDropout = 0,
        ClipNorm = 1,
        WeightDecay = 0,
    };
}
