using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interchange.Python;

/// <summary>Models to export, of each kind, and texts with all that sets their tokens apart.</summary>
internal static class ExportSamples
{
    private static readonly string[] s_words =
    [
        "<unk>", "<eos>", "the", "cat", "sat", "on", "mat", ".", "a\u0301", "été", "\u0130x", "𝒳", "\u001cx",
    ];

    /// <summary>By name: each head over words, a softmax whose last state is as long as its embedding, latent ranks, byte pairs.</summary>
    public static IReadOnlyDictionary<string, ITransformer> Models { get; } = Enum.GetValues<LanguageModelHead>()
        .Select(head => ($"{head}", Words(Shapes.Small(head))))
        .Append(("Untouched", Words(Shapes.Small(LanguageModelHead.Softmax, lastHidden: 4))))
        .Append(("LowRank", Words(Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes) with { LatentRank = 2 })))
        .Append(("LowRankMixtape", Words(Shapes.Small(LanguageModelHead.Mixtape) with { LatentRank = 2 })))
        .Append(("BytePairs", BytePairModel.Untrained(BytePairModel.Tokenizer("the cat sat on the mat", "été 1984, (été) 𝒳𝒳"))))
        .ToDictionary();

    public static string[] TextsOf(string model) => model == "BytePairs"
        ?
        [
            "the cat", "", " the  mat\t\n 1984,\u00a0(été)  ", "<eos> <unk>", "𝒳𝒳 1\u0301 e\u0301", new string(' ', 130) + "the", new('a', 200),
            "\u001cx\u0085\u200b", "a \ud83d\udc69\u200d\ud83d\udd2c b", new string('\t', 64) + " x",
        ]
        :
        [
            "the cat", "", " the\tcat\u00a0sat\u3000on \u2009the\r\nmat . ", "the <eos> <unk> unheard", "a\u0301 á été \u0130x 𝒳",
            "the\u001ccat \u001cx the\u200bcat", string.Join(' ', Enumerable.Repeat("the cat sat on the mat .", 40)),
        ];

    public static ITransformer Words(NetworkShape shape)
    {
        var vocabulary = new Vocabulary(s_words, "<unk>", "<eos>");
        var network = new LanguageModelNetwork(shape, CPU).Randomize(3, scale: 1.2);
        return new TransformerChain<ITransformer>(
            new VocabularyTokenizingTransformer("Tokens", "Text", vocabulary),
            new LanguageModelTransformer(new("Tokens", new(), vocabulary, network)));
    }
}
