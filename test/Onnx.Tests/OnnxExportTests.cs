using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx.Tests;

/// <summary>What ONNX Runtime computes from an exported model, beside what libtorch computes from the model.</summary>
[TestClass]
public sealed class OnnxExportTests
{
    private const int End = 1;
    private static readonly MLContext s_ml = new();
    private static readonly int[][] s_rows = [[3, 4, 5, 6, 12, 0, 2], [7], [8, 9, 10, 11]];

    private static readonly Dictionary<string, NetworkShape> s_networks = new()
    {
        ["softmax"] = Shapes.Small(LanguageModelHead.Softmax, lastHidden: 4),
        ["softmax of a projection"] = Shapes.Small(LanguageModelHead.Softmax),
        ["contexts"] = Shapes.Small(LanguageModelHead.MixtureOfContexts),
        ["softmaxes"] = Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes),
        ["softmaxes, one layer, one expert"] = Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes, experts: 1) with { LayerCount = 1 },
        ["sigsoftmaxes"] = Shapes.Small(LanguageModelHead.MixtureOfSigSoftmaxes),
        ["Mixtape"] = Shapes.Small(LanguageModelHead.Mixtape),
        ["experts of two layers"] = Shapes.Small(LanguageModelHead.DirectOutputConnection),
        ["experts of three layers"] = Shapes.Small(LanguageModelHead.DirectOutputConnection, experts: 5) with
        {
            LayerCount = 4,
            LowerExperts = 2,
            LowerLayers = 2,
        },
        ["Plif"] = Shapes.Small(LanguageModelHead.Plif),
        ["Plif of contexts as they are"] = Shapes.Small(LanguageModelHead.Plif, lastHidden: 4),
        ["multi-facet softmax"] = Shapes.Small(LanguageModelHead.MultiFacetSoftmax),
        ["one multi-facet softmax"] = Shapes.Small(LanguageModelHead.MultiFacetSoftmax, experts: 1) with { Partitions = 5 },
        ["multi-facet softmax of one partition"] = Shapes.Small(LanguageModelHead.MultiFacetSoftmax) with { Partitions = 1 },
        ["softmaxes of a latent rank"] = Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes) with { LatentRank = 2 },
        ["Mixtape of a latent rank"] = Shapes.Small(LanguageModelHead.Mixtape) with { LatentRank = 2 },
        ["Mixtape, all words frequent"] = Shapes.Small(LanguageModelHead.Mixtape) with { FrequentWords = Shapes.Vocabulary },
    };

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Log_likelihoods_are_those_of_libtorch(string network)
    {
        using LanguageModelTransformer model = Model(s_networks[network]);
        using Session session = Export(model);
        SequenceScores[] expected = model.ScoreRows(s_rows, default);
        var actual = (float[])session.Run([.. s_rows.Select(row => (int[])[.. row, End])])["log_likelihoods"];
        for (int row = 0; row < s_rows.Length; row++)
        {
            for (int place = 0; place < 8; place++)
            {
                float value = place <= s_rows[row].Length ? expected[row].LogLikelihoods[place] : 0;
                Assert.AreEqual(value, actual[(row * 8) + place], 1e-4, $"row {row}, place {place}");
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void A_text_goes_on_where_its_state_stands(string network)
    {
        using LanguageModelTransformer model = Model(s_networks[network]);
        using Session session = Export(model);
        int[] whole = [3, 4, 5, 6, 7, 8, 9];
        var expected = (float[])session.Run([whole])["log_likelihoods"];
        Dictionary<string, Array> first = session.Run([whole[..3], whole[..1]]);
        int size = first["next_state"].Length / 2;
        var actual = (float[])session.Run([whole[3..], whole[1..]], ("state", first["next_state"], [2, size]))["log_likelihoods"];
        AssertEqual(expected[3..], actual[..4], 1e-5);
        AssertEqual(expected[1..], actual[6..], 1e-5);
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Ranks_and_likeliest_words_are_those_of_libtorch(string network)
    {
        using LanguageModelTransformer model = Model(s_networks[network]);
        using Session session = Export(model);
        SequenceScores expected = model.ScoreRows([[3, 4, 5, 6]], new(Ranks: true, TopCount: 4))[0];
        Dictionary<string, Array> actual = session.Run([[3, 4, 5, 6, End]], ("top_count", new long[] { 4 }, [1]));
        Assert.AreSequenceEqual(expected.Ranks.Select(rank => (long)rank), (long[])actual["ranks"]);
        Assert.AreSequenceEqual(expected.TopWords.Select(word => (long)word), (long[])actual["top_tokens"]);
        AssertEqual(expected.TopLogLikelihoods, (float[])actual["top_log_probabilities"], 1e-4);
        AssertEqual(expected.LogLikelihoods, (float[])actual["log_likelihoods"], 1e-4);
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void The_next_words_have_the_distribution_of_libtorch(string network)
    {
        using LanguageModelTransformer model = Model(s_networks[network]);
        using Session session = Export(model, new() { IncludeNextWords = true });
        var actual = (float[])session.Run([[3, 4, 5], [6]])["next_log_probabilities"];
        using var state = new LanguageModelState(model);
        using LanguageModelState other = state.Fork();
        state.Advance(3, 4, 5);
        other.Advance(6);
        AssertEqual([.. state.NextDistribution(), .. other.NextDistribution()], actual, 1e-4);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(17)]
    [DataRow(100)]
    public void Blocks_of_tokens_change_nothing(int length)
    {
        // 27 tokens of so many words and experts make a block.
        NetworkShape shape = Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes, experts: 15) with { VocabularySize = 20_000 };
        using LanguageModelTransformer model = Model(shape);
        using Session session = Export(model, new() { IncludeNextWords = true });
        int[][] rows = [[.. Enumerable.Range(0, length).Select(i => i * 199)], [.. Enumerable.Range(0, length).Select(i => 19_999 - (i * 7))]];
        Dictionary<string, Array> actual = session.Run(rows, ("top_count", new long[] { 2 }, [1]));
        SequenceScores[] expected = model.ScoreRows(rows, new(Ranks: true, TopCount: 2));
        AssertEqual(
            [.. expected.SelectMany(scores => scores.LogLikelihoods[..^1])], (float[])actual["log_likelihoods"], 1e-4);
        Assert.AreSequenceEqual(expected.SelectMany(scores => scores.Ranks[..^1]).Select(rank => (long)rank), (long[])actual["ranks"]);
        Assert.AreEqual(2 * 20_000, actual["next_log_probabilities"].Length);
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Eight_bits_change_log_likelihoods_little(string network)
    {
        using LanguageModelTransformer model = Model(s_networks[network]);
        using Session session = Export(model, new() { Weights = OnnxWeights.EightBit });
        var actual = (float[])session.Run([.. s_rows.Select(row => (int[])[.. row, End])])["log_likelihoods"];
        float[] expected = [.. model.ScoreRows(s_rows, default).SelectMany(scores => scores.LogLikelihoods)];
        AssertEqual(expected, [.. actual.Where(value => value != 0)], 0.3);
        Assert.AreNotEqual(expected.Sum(), actual.Sum(), 1e-4);
    }

    [TestMethod]
    public void Eight_bits_give_a_row_the_same_scores_beside_whatever_rows()
    {
        using LanguageModelTransformer model = Model(s_networks["softmaxes"]);
        using Session session = Export(model, new() { Weights = OnnxWeights.EightBit });
        var together = (float[])session.Run(s_rows)["log_likelihoods"];
        var alone = (float[])session.Run([s_rows[2]])["log_likelihoods"];
        Assert.AreSequenceEqual(alone, together[14..18]);
    }

    [TestMethod]
    public void Eight_bits_go_on_where_a_state_stands()
    {
        using LanguageModelTransformer model = Model(s_networks["Mixtape"]);
        using Session session = Export(model, new() { Weights = OnnxWeights.EightBit });
        int[] whole = [3, 4, 5, 6, 7, 8, 9];
        Dictionary<string, Array> first = session.Run([whole[..3], whole[..1]]);
        int size = first["next_state"].Length / 2;
        var actual = (float[])session.Run([whole[3..], whole[1..]], ("state", first["next_state"], [2, size]))["log_likelihoods"];
        var expected = (float[])session.Run([whole])["log_likelihoods"];
        AssertEqual(expected[3..], actual[..4], 1e-5);
        AssertEqual(expected[1..], actual[6..], 1e-5);
    }

    [TestMethod]
    public void Sizes_of_batch_and_time_are_free_and_the_others_fixed()
    {
        using LanguageModelTransformer model = Model(Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes));
        using Session session = Export(model);
        Assert.AreSequenceEqual(["tokens", "lengths"], session.Inputs.Keys);
        Assert.AreSequenceEqual(["batch", "time"], session.Inputs["tokens"].SymbolicDimensions);
        Assert.AreSequenceEqual(["batch", "time"], session.Outputs["log_likelihoods"].SymbolicDimensions);
        Assert.AreSequenceEqual([-1, 2 * (5 + 6)], session.Outputs["next_state"].Dimensions);
        Assert.DoesNotContain("next_log_probabilities", session.Outputs.Keys);
    }

    private static IEnumerable<object[]> Networks => s_networks.Keys.Select(name => new object[] { name });

    private static Session Export(ITransformer model, OnnxExportOptions? options = null)
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("model.onnx");
        s_ml.LanguageModeling.ExportToOnnx(model, path, options);
        return new(path);
    }

    private static LanguageModelTransformer Model(NetworkShape shape)
    {
        string[] words = ["<unk>", "<eos>", .. Enumerable.Range(2, shape.VocabularySize - 2).Select(i => $"w{i}")];
        return new(new LanguageModel("Tokens", new(), new Vocabulary(words, "<unk>", "<eos>"), new LanguageModelNetwork(shape, CPU).Randomize(1)));
    }

    private static void AssertEqual(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.AreEqual(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual[i], tolerance, $"at {i}");
        }
    }
}
