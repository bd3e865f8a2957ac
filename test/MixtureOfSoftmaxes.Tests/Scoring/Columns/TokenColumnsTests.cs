using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Columns;

/// <summary>The columns by token, against distributions worked out word by word in double precision.</summary>
[TestClass]
public sealed class TokenColumnsTests
{
    private const int Mark = 1;
    private const int Top = 3;

    private static readonly ScoringOptions s_options = new()
    {
        TokensColumnName = "Predicted",
        TokenLogLikelihoodsColumnName = "LogLikelihoods",
        TokenRanksColumnName = "Ranks",
        TopTokensColumnName = "TopWords",
        TopProbabilitiesColumnName = "TopProbabilities",
        TopCount = Top,
    };

    private readonly MLContext _ml = new();

    [TestMethod]
    public void Every_token_has_its_text_likelihood_rank_and_best_words()
    {
        string[] texts = ["a b c", "", "nonsense a", string.Join(' ', Enumerable.Repeat("d e f g h", 70))];
        DetailedRow[] rows = Score(s_options, texts);
        for (int i = 0; i < texts.Length; i++)
        {
            int[] ids = Ids(texts[i]);
            double[][] logP = Distributions(ids);
            Assert.AreSequenceEqual(ids.Select(id => TinyModel.Words[id]), rows[i].Predicted);
            AssertClose(ids.Select((id, t) => logP[t][id]), rows[i].LogLikelihoods);
            Assert.AreSequenceEqual(ids.Select((id, t) => 1 + logP[t].Count(other => other > logP[t][id])), rows[i].Ranks);
            int[][] best = [.. logP.Select(p => Enumerable.Range(0, p.Length).OrderByDescending(v => p[v]).Take(Top).ToArray())];
            Assert.AreSequenceEqual(best.SelectMany(words => words.Select(v => TinyModel.Words[v])), rows[i].TopWords);
            AssertClose(best.SelectMany((words, t) => words.Select(v => Math.Exp(logP[t][v]))), rows[i].TopProbabilities);
            Assert.AreEqual(rows[i].LogLikelihoods.Sum(), rows[i].LogLikelihood, 1e-4f * Math.Abs(rows[i].LogLikelihood));
        }
    }

    [TestMethod]
    public void A_single_prediction_has_them_too()
    {
        using PredictionEngine<TextRow, DetailedRow> engine =
            _ml.Model.CreatePredictionEngine<TextRow, DetailedRow>(TinyModel.Untrained(s_options));
        DetailedRow single = engine.Predict(new() { Text = "c d" }), batched = Score(s_options, "c d")[0];
        Assert.AreSequenceEqual(batched.Ranks, single.Ranks);
        Assert.AreSequenceEqual(batched.TopWords, single.TopWords);
        Assert.AreSequenceEqual(batched.Predicted, single.Predicted);
    }

    [TestMethod]
    public void Only_what_is_asked_for_is_there_and_can_be_read()
    {
        IDataView scored = TinyModel.Untrained(new() { TokenRanksColumnName = "Ranks" }).Transform(_ml.Texts("a b"));
        Assert.AreSequenceEqual(
            ["LogLikelihood", "TokenCount", "OutOfVocabularyCount", "Perplexity", "BitsPerCharacter", "Ranks"],
            scored.Schema.Select(column => column.Name).Except(["Text", "Tokens"]));
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Int32), scored.Schema["Ranks"].Type);
        Assert.HasCount(3, scored.GetColumn<int[]>("Ranks").Single());
    }

    [TestMethod]
    public void A_top_count_past_the_vocabulary_gives_all_of_it()
    {
        DetailedRow row = Score(s_options with { TopCount = 1000 }, "a")[0];
        Assert.AreEqual(2 * TinyModel.Words.Length, row.TopWords.Length);
        Assert.AreSequenceEqual(TinyModel.Words.Order(), row.TopWords[..TinyModel.Words.Length].Order());
        Assert.AreEqual(2, row.TopProbabilities.Sum(), 1e-5);
    }

    [TestMethod]
    public void Unknown_words_left_out_are_read_but_not_counted()
    {
        int[] ids = Ids("a what b ever");
        double[][] logP = Distributions(ids);
        DetailedRow row = Score(s_options with { CountUnknownWords = false }, "a what b ever")[0];
        Assert.AreEqual(logP[0][ids[0]] + logP[2][ids[2]] + logP[4][Mark], row.LogLikelihood, 1e-5);
        Assert.AreEqual(3, row.TokenCount);
        Assert.AreEqual(0, row.OutOfVocabularyCount, "of the tokens that count");
        Assert.AreEqual(Math.Exp(-row.LogLikelihood / 3), row.Perplexity, 1e-4);
        Assert.AreSequenceEqual(["a", "<unk>", "b", "<unk>", "<eos>"], row.Predicted, "they keep their places");
        Assert.AreEqual(logP[1][ids[1]], row.LogLikelihoods[1], 1e-5);
    }

    [TestMethod]
    public void The_end_of_sentence_can_be_left_out()
    {
        int[] ids = Ids("a b");
        double[][] logP = Distributions(ids);
        DetailedRow row = Score(s_options with { CountEndOfSentence = false }, "a b")[0];
        Assert.AreEqual(logP[0][ids[0]] + logP[1][ids[1]], row.LogLikelihood, 1e-5);
        Assert.AreEqual(2, row.TokenCount);
        Assert.AreSequenceEqual(["a", "b"], row.Predicted);
        Assert.HasCount(2, row.Ranks);
        Assert.HasCount(2 * Top, row.TopWords);
    }

    [TestMethod]
    public void Where_nothing_counts_there_is_no_perplexity()
    {
        var options = new ScoringOptions { CountEndOfSentence = false, CountUnknownWords = false };
        foreach (DetailedRow row in Score(options, "", "never seen"))
        {
            Assert.AreEqual(0, row.LogLikelihood);
            Assert.AreEqual(0, row.TokenCount);
            Assert.AreEqual(float.NaN, row.Perplexity);
            Assert.AreEqual(float.NaN, row.BitsPerCharacter);
        }
    }

    [TestMethod]
    [DataRow("a b c", true, true, 6)]
    [DataRow("a b c", false, true, 5)]
    [DataRow("", true, true, 1)]
    [DataRow("a nonsense b", true, true, 10, DisplayName = "the model reads 'a <unk> b'")]
    [DataRow("a nonsense b", true, false, 4, DisplayName = "'a b' is left")]
    public void Bits_per_character_are_over_the_words_joined_by_spaces_and_the_end(
        string text, bool countEnd, bool countUnknown, int characters)
    {
        DetailedRow row = Score(new() { CountEndOfSentence = countEnd, CountUnknownWords = countUnknown }, text)[0];
        Assert.AreEqual(-row.LogLikelihood / Math.Log(2) / characters, row.BitsPerCharacter, 1e-5);
    }

    [TestMethod]
    public void Characters_are_code_points()
    {
        string[] words = ["<unk>", "<eos>", "naïve", "👩‍🔬", .. "abcdefghi".Select(letter => letter.ToString())];
        using var model = new LanguageModelTransformer(new("Tokens", new(), new(words, "<unk>", "<eos>"), Shapes.Network()));
        IDataView data = new HandMadeView(1).AddTokens("Tokens", words, _ => new VBuffer<uint>(2, [3, 4]));
        DetailedRow row = _ml.Data.CreateEnumerable<DetailedRow>(model.Transform(data), reuseRowObject: false, ignoreMissingColumns: true).Single();

        // naïve is five, the scientist three (woman, joiner, microscope), and there are a space and the end.
        Assert.AreEqual(-row.LogLikelihood / Math.Log(2) / 10, row.BitsPerCharacter, 1e-5);
    }

    private static int[] Ids(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => TinyModel.Vocabulary().IndexOf(word)), Mark];

    private static double[][] Distributions(int[] text)
    {
        using LanguageModelNetwork network = Shapes.Network();
        return StepByStep.Distributions(network, text, first: Mark);
    }

    private static void AssertClose(IEnumerable<double> expected, float[] actual) =>
        Numbers.AssertClose([.. expected], [.. actual.Select(value => (double)value)], 1e-5, "value");

    private DetailedRow[] Score(ScoringOptions options, params string[] texts) =>
    [
        .. _ml.Data.CreateEnumerable<DetailedRow>(
            TinyModel.Untrained(options).Transform(_ml.Texts(texts)), reuseRowObject: false, ignoreMissingColumns: true),
    ];

    private sealed class DetailedRow
    {
        public float LogLikelihood { get; set; }

        public int TokenCount { get; set; }

        public int OutOfVocabularyCount { get; set; }

        public float Perplexity { get; set; }

        public float BitsPerCharacter { get; set; }

        public string[] Predicted { get; set; } = [];

        public float[] LogLikelihoods { get; set; } = [];

        public int[] Ranks { get; set; } = [];

        public string[] TopWords { get; set; } = [];

        public float[] TopProbabilities { get; set; } = [];
    }
}
