using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Catalog;

/// <summary>Byte pairs as the tokens of a language model.</summary>
[TestClass]
public sealed class BytePairPipelineTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void A_model_of_byte_pairs_has_no_unknown_words()
    {
        LanguageModelTransformer model = _ml.LanguageModeling.GetLanguageModel(BytePairModel.Trained);
        Assert.AreSequenceEqual(["<unk>", "<eos>"], model.Words.Skip(model.Words.Count - 2));
        ScoredRow[] rows = _ml.Score(BytePairModel.Trained, "w1 w2", "never seen: été 👩\u200D🔬", "", "\ud800");
        Assert.IsTrue(rows.All(row => row.OutOfVocabularyCount == 0 && float.IsFinite(row.LogLikelihood)));
        Assert.AreEqual(1, rows[2].TokenCount);
        Assert.AreEqual(4, rows[3].TokenCount, "Three bytes of U+FFFD and the end.");
    }

    [TestMethod]
    public void It_learns_the_language_that_words_learn()
    {
        LanguageModelMetrics metrics = Evaluate(BytePairModel.Trained, TinyModel.ValidationSentences);
        double floor = Math.Exp(TinyLanguage.TrueLoss(TinyModel.ValidationSentences));
        Assert.IsTrue(metrics.WordPerplexity >= 0.98 * floor && metrics.WordPerplexity < 1.05 * floor, $"{metrics} against {floor}");
    }

    [TestMethod]
    public void A_saved_model_scores_the_same()
    {
        ITransformer loaded = ModelZip.Load(ModelZip.Save(BytePairModel.Trained));
        string[] texts = TinyModel.ValidationSentences[..20];
        Assert.AreSequenceEqual(
            _ml.Score(BytePairModel.Trained, texts).Select(row => row.LogLikelihood), _ml.Score(loaded, texts).Select(row => row.LogLikelihood));
    }

    [TestMethod]
    public void Words_and_bytes_are_those_of_the_text_whatever_the_tokens()
    {
        string[] texts = ["w1 w2", "", "  été  w3"];
        foreach (ITransformer model in new[] { BytePairModel.Trained, TinyModel.Trained })
        {
            LanguageModelMetrics metrics = Evaluate(model, texts);
            double nats = -_ml.Score(model, texts).Sum(row => (double)row.LogLikelihood);
            Assert.AreEqual(2 + 0 + 2 + 3, metrics.WordCount);
            Assert.AreEqual(5 + 0 + 11 + 3, metrics.ByteCount);
            Assert.AreEqual(Math.Exp(nats / 7), metrics.WordPerplexity!.Value, 1e-4 * metrics.WordPerplexity.Value);
            Assert.AreEqual(nats / Math.Log(2) / 19, metrics.BitsPerByte!.Value, 1e-5);
        }
    }

    [TestMethod]
    public void For_a_model_of_words_the_perplexity_a_word_is_the_perplexity()
    {
        LanguageModelMetrics metrics = Evaluate(TinyModel.Trained, TinyModel.ValidationSentences);
        Assert.AreEqual(metrics.Perplexity, metrics.WordPerplexity!.Value, 1e-9);
    }

    [TestMethod]
    public void Without_a_text_column_there_is_neither()
    {
        IDataView scored = TinyModel.Trained.Transform(_ml.Texts("w1"));
        LanguageModelMetrics metrics = _ml.LanguageModeling.Evaluate(scored);
        Assert.IsNull(metrics.WordPerplexity);
        Assert.IsNull(metrics.BitsPerByte);
        Errors.AssertThrows<ArgumentOutOfRangeException>(
            () => _ml.LanguageModeling.Evaluate(scored, textColumnName: "Sentence"), "'Sentence'", "Text");
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => _ml.LanguageModeling.Evaluate(scored, textColumnName: "Perplexity"), "'Perplexity'");
    }

    [TestMethod]
    public void A_mark_that_is_a_token_is_refused()
    {
        MixtureOfSoftmaxesTrainer.Options options = TinyModel.Options();
        options.EndOfSentence = "the";
        IEstimator<ITransformer> pipeline = _ml.LanguageModeling.TokenizeIntoBytePairs("Tokens", "Text")
            .Append(_ml.LanguageModeling.Trainers.MixtureOfSoftmaxes("Tokens", options));
        Errors.AssertThrows<ArgumentException>(() => pipeline.Fit(_ml.Texts("the the")), "'the'", "'Tokens'", "choose another");
    }

    private LanguageModelMetrics Evaluate(ITransformer model, string[] texts) =>
        _ml.LanguageModeling.Evaluate(model.Transform(_ml.Texts(texts)), textColumnName: "Text");
}
