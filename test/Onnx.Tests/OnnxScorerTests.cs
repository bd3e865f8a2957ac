using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx.Tests;

/// <summary>The scorer on ONNX Runtime beside the one on libtorch: the same columns, contexts and errors.</summary>
[TestClass]
public sealed class OnnxScorerTests
{
    private static readonly MLContext s_ml = new();
    private static readonly string[] s_texts = ["a b c d e", "", "f", "x y k j", string.Join(' ', Enumerable.Repeat("a b c", 100)), "d d d"];

    private static readonly ScoringOptions s_all = new()
    {
        TokensColumnName = "Words",
        TokenLogLikelihoodsColumnName = "TokenLogLikelihoods",
        TokenRanksColumnName = "Ranks",
        TopTokensColumnName = "TopTokens",
        TopProbabilitiesColumnName = "TopProbabilities",
        IsGreedyColumnName = "IsGreedy",
        TokenExpertsColumnName = "Experts",
        TokenSkippedPriorsColumnName = "Skipped",
        TopCount = 3,
    };

    [TestMethod]
    [DataRow(ScoringContext.Row)]
    [DataRow(ScoringContext.Stream)]
    [DataRow(ScoringContext.Document)]
    public void Every_column_is_that_of_libtorch(ScoringContext context)
    {
        using var models = new BothModels(TinyModel.Untrained(s_all with { Context = context, DocumentColumnName = "Document" }));
        IDataView data = s_ml.Data.LoadFromEnumerable(s_texts.Select((text, i) => new DocumentRow { Text = text, Document = i / 2 }));
        IDataView expected = models.LibTorch.Transform(data), actual = models.Onnx.Transform(data);
        Assert.AreSequenceEqual(expected.Schema.Select(column => column.ToString()), actual.Schema.Select(column => column.ToString()));
        foreach (string name in (string[])["LogLikelihood", "Perplexity", "BitsPerCharacter"])
        {
            AssertEqual(expected.GetColumn<float>(name), actual.GetColumn<float>(name), 1e-3);
        }

        Assert.AreSequenceEqual(expected.GetColumn<int>("TokenCount"), actual.GetColumn<int>("TokenCount"));
        Assert.AreSequenceEqual(expected.GetColumn<bool>("IsGreedy"), actual.GetColumn<bool>("IsGreedy"));
        AssertEqual(Flat<float>(expected, "TokenLogLikelihoods"), Flat<float>(actual, "TokenLogLikelihoods"), 1e-4);
        AssertEqual(Flat<float>(expected, "TopProbabilities"), Flat<float>(actual, "TopProbabilities"), 1e-4);
        Assert.AreSequenceEqual(Flat<int>(expected, "Ranks"), Flat<int>(actual, "Ranks"));
        Assert.AreSequenceEqual(Flat<int>(expected, "Experts"), Flat<int>(actual, "Experts"));
        Assert.AreSequenceEqual(Flat<float>(expected, "Skipped"), Flat<float>(actual, "Skipped"));
        Assert.AreSequenceEqual(
            Flat<ReadOnlyMemory<char>>(expected, "TopTokens").Select(word => $"{word}"),
            Flat<ReadOnlyMemory<char>>(actual, "TopTokens").Select(word => $"{word}"));
    }

    [TestMethod]
    public void Texts_and_continuations_are_scored_as_on_libtorch()
    {
        using var models = new BothModels(TinyModel.Untrained());
        TextScore[] expected = [.. s_ml.LanguageModeling.Score(models.LibTorch, s_texts)];
        TextScore[] actual = [.. s_ml.LanguageModeling.Score(models.Onnx, s_texts)];
        AssertEqual(expected.Select(score => (float)score.LogLikelihood), actual.Select(score => (float)score.LogLikelihood), 1e-3);
        string[] endings = ["c d", "e", "f g h"];
        expected = [.. s_ml.LanguageModeling.Score(models.LibTorch, "a b", endings)];
        actual = [.. s_ml.LanguageModeling.Score(models.Onnx, "a b", endings)];
        AssertEqual(expected.Select(score => (float)score.LogLikelihood), actual.Select(score => (float)score.LogLikelihood), 1e-4);
        Assert.AreSequenceEqual(expected.Select(score => score.IsGreedy), actual.Select(score => score.IsGreedy));
    }

    [TestMethod]
    public void Byte_pairs_bring_their_tokenizer()
    {
        using var models = new BothModels(BytePairModel.Untrained(BytePairModel.Tokenizer("the cat the cat the mat")));
        AssertEqual(Scores(models.LibTorch), Scores(models.Onnx), 1e-3);

        static IEnumerable<float> Scores(ITransformer model) =>
            s_ml.LanguageModeling.Score(model, ["the cat", "other"]).Select(score => (float)score.LogLikelihood);
    }

    [TestMethod]
    public void It_scores_and_does_no_more()
    {
        using var models = new BothModels(TinyModel.Untrained());
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => s_ml.LanguageModeling.CreateTextGenerator(models.Onnx)).Message, "ONNX");
        using var folder = new TemporaryFolder();
        Assert.ThrowsExactly<NotSupportedException>(() => s_ml.LanguageModeling.Save(models.Onnx, null, folder.PathOf("model.zip")));
        Assert.IsEmpty(folder.FileNames);
    }

    [TestMethod]
    public void A_model_that_is_disposed_says_so()
    {
        var models = new BothModels(TinyModel.Untrained());
        models.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => s_ml.LanguageModeling.Score(models.Onnx, ["a"]));
    }

    private static IEnumerable<T> Flat<T>(IDataView data, string column) =>
        data.GetColumn<VBuffer<T>>(column).SelectMany(values => values.DenseValues());

    private static void AssertEqual(IEnumerable<float> expected, IEnumerable<float> actual, double tolerance)
    {
        float[] e = [.. expected], a = [.. actual];
        Assert.AreEqual(e.Length, a.Length);
        for (int i = 0; i < e.Length; i++)
        {
            Assert.AreEqual(e[i], a[i], tolerance * Math.Max(1, Math.Abs(e[i])), $"at {i}");
        }
    }

    private sealed class DocumentRow
    {
        public string Text { get; set; } = "";

        public int Document { get; set; }
    }
}
