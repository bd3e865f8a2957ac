using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using Mos.Options;
using Options = Microsoft.ML.MixtureOfSoftmaxes.MixtureOfSoftmaxesTrainer.Options;

namespace Benchmarks;

/// <summary>The sizes at which everything is measured.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Vocabulary">V.</param>
/// <param name="Create">The mixture of softmaxes.</param>
internal sealed record Setting(string Name, int Vocabulary, Func<Options> Create)
{
    // Merity et al. (2018); their hidden size of 1,150 gives way to the one that makes parameters equal.
    private const int AwdLstmEmbeddingSize = 400;

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("ptb", 10_000, Preset.Find("ptb").Create),
        new("wikitext-2", 33_278, Preset.Find("wikitext-2").Create),
        new("50,000 words", 50_000, FiftyThousandWords),
    ];

    /// <summary>Where formulations are held to each other: no size a multiple of another.</summary>
    public static Setting Small { get; } = new("small", 101, () => new()
    {
        EmbeddingSize = 5,
        HiddenSize = 11,
        LastHiddenSize = 7,
        Experts = 3,
        BatchSize = 4,
        SequenceLength = 6,
    });

    public static Setting Find(string name) => All.Append(Small).Single(setting => setting.Name == name);

    /// <summary>The options of a formulation where <paramref name="part"/> is measured.</summary>
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
        options.PassBatchSize = 4; // Else the plain formulation needs 8 GB and more.
        return options;
    }

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
