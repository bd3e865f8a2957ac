using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Analysis;

/// <summary>A network of random weights over 48 words, of embedding size 5, behind a tokenizer of "Text"; and text for it.</summary>
internal sealed class KnownModel : IDisposable
{
    public const int Vocabulary = 48, EmbeddingSize = 5;
    private const int Mark = 1;

    public static readonly string[] Words = ["<unk>", "<eos>", .. Enumerable.Range(2, Vocabulary - 2).Select(i => $"w{i}")];

    public KnownModel(LanguageModelHead head, bool hasBias = true, int seed = 1, int experts = 3)
    {
        var shape = new NetworkShape(head, Vocabulary, EmbeddingSize, 7, 6, 1, experts);
        if (head == LanguageModelHead.Mixtape)
        {
            shape = shape with { Experts = 4, GateSize = 3, FrequentWords = Vocabulary };
        }
        else if (head == LanguageModelHead.Plif)
        {
            shape = shape with { Pieces = 20, LogitRange = 3 };
        }
        else if (head == LanguageModelHead.MultiFacetSoftmax)
        {
            shape = shape with { Partitions = 4 };
        }
        else if (head == LanguageModelHead.DirectOutputConnection)
        {
            shape = shape with { LayerCount = 2, LowerExperts = 1, LowerLayers = 1 };
        }

        Network = new LanguageModelNetwork(shape, CPU).Randomize(seed);
        if (!hasBias)
        {
            Network.DecoderBias.Set(new double[Vocabulary]);
        }

        var vocabulary = new Vocabulary(Words, "<unk>", "<eos>");
        Scorer = new(new LanguageModel("Tokens", new(), vocabulary, Network));
        Chain = new TransformerChain<ITransformer>(new VocabularyTokenizingTransformer("Tokens", "Text", vocabulary), Scorer);
    }

    public LanguageModelNetwork Network { get; }

    public LanguageModelTransformer Scorer { get; }

    public ITransformer Chain { get; }

    /// <summary>Rows of random words, each with its end-of-sentence mark making ten tokens.</summary>
    public static string[] Text(int rows, int seed = 7)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => string.Join(' ', random.GetItems(Words.AsSpan(2), 9)))];
    }

    public static int[] Stream(IEnumerable<string> text) =>
        [.. text.SelectMany(row => row.Split(' ').Select(word => Array.IndexOf(Words, word)).Append(Mark))];

    /// <summary>log P of every word after every token of a stream read from <paramref name="start"/> on, in plain C#.</summary>
    public double[][] Walk(int[] stream, int start, int count)
    {
        double[] decoder = Tensors.Values(Network.Embedding), bias = Tensors.Values(Network.DecoderBias);
        return [.. Mixtures(stream, start, count).Select(mixture => Mix(mixture.Contexts, mixture.LogPriors, decoder, bias))];
    }

    /// <summary>The priors there.</summary>
    public IEnumerable<double[]> WalkPriors(int[] stream, int start, int count) =>
        Mixtures(stream, start, count).Select(mixture => mixture.LogPriors.Select(Math.Exp).ToArray());

    public void Dispose() => Scorer.Dispose();

    private List<(double[] Contexts, double[] LogPriors)> Mixtures(int[] stream, int start, int count)
    {
        using DisposeScope scope = NewDisposeScope();
        RecurrentState state = Network.InitialState(1);
        List<(double[], double[])> mixtures = [];
        for (int i = 0; i < count; i++)
        {
            int word = start + i == 0 ? Mark : stream[start + i - 1];
            LanguageModelNetwork.Encoding encoding = Network.Encode(Tensors.Ids([word], 1, 1), state, DropoutRates.None);
            state = encoding.Next;
            double[] logPriors = encoding.Mixture.LogPriors is Tensor priors ? Tensors.Values(priors) : [0];
            mixtures.Add((Tensors.Values(encoding.Mixture.Contexts), logPriors));
        }

        return mixtures;
    }

    private static double[] Mix(double[] contexts, double[] logPriors, double[] decoder, double[] bias)
    {
        int d = contexts.Length / logPriors.Length;
        double[][] experts = [.. contexts.Chunk(d).Select(context =>
        {
            double[] logits = [.. bias.Select((b, v) => b + Numbers.Dot(context, decoder.AsSpan(v * d, d)))];
            double normalizer = Numbers.LogSumExp(logits);
            return logits.Select(logit => logit - normalizer).ToArray();
        })];
        double priorSum = Numbers.LogSumExp(logPriors);
        return [.. bias.Select((_, v) => Numbers.LogSumExp([.. experts.Select((expert, k) => logPriors[k] - priorSum + expert[v])]))];
    }
}
