using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling;

/// <summary>The log-likelihoods of tokens are what the numbers in the model file say by the formulas in double precision.</summary>
[TestClass]
public sealed class ForwardPassTests
{
    private const double Tolerance = 1e-5;

    private static IEnumerable<LanguageModelHead> Heads => Enum.GetValues<LanguageModelHead>();

    [TestMethod]
    [DataRow("softmax")]
    [DataRow("moc")]
    [DataRow("mos")]
    [DataRow("moss")]
    [DataRow("mixtape")]
    public void Of_trained_models_of_an_earlier_version(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Persistence", "SavedBefore");
        AssertEqual(File.ReadAllBytes(Path.Combine(folder, $"{name}.zip")), File.ReadAllLines(Path.Combine(folder, "rows.txt")));
    }

    [TestMethod]
    [DynamicData(nameof(Heads))]
    public void Of_models_saved_now_with_sizes_that_are_all_different(LanguageModelHead head) => AssertOfModelSavedNow(head, latentRank: 0);

    [TestMethod]
    [DataRow(LanguageModelHead.MixtureOfContexts)]
    [DataRow(LanguageModelHead.MixtureOfSoftmaxes)]
    [DataRow(LanguageModelHead.MixtureOfSigSoftmaxes)]
    [DataRow(LanguageModelHead.Mixtape)]
    [DataRow(LanguageModelHead.MultiFacetSoftmax)]
    public void Of_models_whose_experts_contexts_have_a_latent_rank(LanguageModelHead head) => AssertOfModelSavedNow(head, latentRank: 13);

    private static void AssertOfModelSavedNow(LanguageModelHead head, int latentRank)
    {
        int experts = head == LanguageModelHead.Softmax ? 1 : 4;
        var shape = new NetworkShape(head, VocabularySize: 300, EmbeddingSize: 24, HiddenSize: 40, LastHiddenSize: 32, LayerCount: 3, experts)
        {
            LatentRank = latentRank,
        };
        if (head == LanguageModelHead.Mixtape)
        {
            shape = shape with { GateSize = 8, FrequentWords = 60 };
        }
        else if (head == LanguageModelHead.Plif)
        {
            shape = shape with { Pieces = 9, LogitRange = 2.5 };
        }
        else if (head == LanguageModelHead.DirectOutputConnection)
        {
            shape = shape with { LowerExperts = 1, LowerLayers = 2 };
        }
        else if (head == LanguageModelHead.MultiFacetSoftmax)
        {
            shape = shape with { Partitions = 7 };
        }

        string[] words = ["<unk>", "<eos>", .. Enumerable.Range(2, 298).Select(id => $"w{id}")];
        var vocabulary = new Vocabulary(words, "<unk>", "<eos>");
        using LanguageModelNetwork network = new LanguageModelNetwork(shape, CPU).Randomize(seed: 1, scale: 0.4);
        using var model = new LanguageModelTransformer(new("Tokens", new(), vocabulary, network));
        var random = new Random(2);
        AssertEqual(
            ModelZip.Save(new TransformerChain<ITransformer>(new VocabularyTokenizingTransformer("Tokens", "Text", vocabulary), model)),
            [.. Enumerable.Range(0, 8).Select(row => string.Join(' ', Enumerable.Range(0, 3 * row).Select(_ => $"w{random.Next(320)}")))]);
    }

    private static void AssertEqual(byte[] modelZip, string[] texts)
    {
        var pass = new ForwardPass(modelZip);
        IReadOnlyList<TextScore> scores = new MLContext().LanguageModeling.Score(ModelZip.Load(modelZip), texts);
        foreach ((string text, TextScore score) in texts.Zip(scores))
        {
            double[] expected = pass.LogProbabilities(text);
            Assert.HasCount(expected.Length, score.Tokens);
            foreach ((double logP, TokenScore token) in expected.Zip(score.Tokens))
            {
                Assert.AreEqual(logP, token.LogLikelihood, Tolerance, $"{token.Token} in '{text}'");
            }
        }
    }
}
