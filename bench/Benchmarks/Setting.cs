using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Options;
using Options = Microsoft.ML.MixtureOfSoftmaxes.MixtureOfSoftmaxesTrainer.Options;

namespace Benchmarks;

/// <summary>Sizes at which to measure.</summary>
/// <param name="Name">Their name in reports.</param>
/// <param name="Vocabulary">The size of the vocabulary, V.</param>
/// <param name="Create">Makes the options of the mixture of softmaxes.</param>
internal sealed record Setting(string Name, int Vocabulary, Func<Options> Create)
{
    // From Merity et al. (2018). Their hidden size, 1,150, is replaced by the one that makes the numbers of parameters equal.
    private const int AwdLstmEmbeddingSize = 400;

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("ptb", 10_000, Preset.Find("ptb").Create),
        new("wikitext-2", 33_278, Preset.Find("wikitext-2").Create),
        new("50,000 words", 50_000, FiftyThousandWords),
        new("one billion words", 793_471, OneBillionWords),
    ];

    /// <summary>
    /// For checking that formulations agree. No size is a multiple of another, so that mixed-up dimensions show.
    /// </summary>
    public static Setting Small { get; } = new("small", 101, () => new()
    {
        EmbeddingSize = 5,
        HiddenSize = 11,
        LastHiddenSize = 7,
        Experts = 3,
        BatchSize = 4,
        SequenceLength = 6,
    });

    public static Setting Find(string name) => All.Append(Small).Concat(Growth.Settings).Single(setting => setting.Name == name);

    /// <summary>The options with which to measure a part of the work in a case.</summary>
    public Options Options(Part part, Case which)
    {
        Options options = Create();
        options.Precision = which.Precision;
        if (which.Formulation == Formulation.Softmax)
        {
            options.Head = LanguageModelHead.Softmax;
            if (part != Part.Head)
            {
                MakeAwdLstm(options, Create().Shape(Vocabulary).ParameterCount);
            }
        }

        return options;
    }

    private static Options FiftyThousandWords()
    {
        Options options = Preset.Find("ptb").Create();
        options.PassBatchSize = 4; // Otherwise the plain formulation needs more than 8 GB.
        return options;
    }

    // The vocabulary of that corpus in a small network; the plain formulation has some gigabytes even in passes of two columns.
    private static Options OneBillionWords() => new()
    {
        Experts = 4,
        EmbeddingSize = 128,
        HiddenSize = 256,
        BatchSize = 4,
        PassBatchSize = 2,
    };

    private void MakeAwdLstm(Options options, long parameters)
    {
        options.EmbeddingSize = AwdLstmEmbeddingSize;
        options.LastHiddenSize = null;
        options.LatentDropout = 0;
        options.HiddenSize = Enumerable.Range(1, 4096).MinBy(Difference);

        long Difference(int hiddenSize)
        {
            options.HiddenSize = hiddenSize;
            return Math.Abs(options.Shape(Vocabulary).ParameterCount - parameters);
        }
    }
}
