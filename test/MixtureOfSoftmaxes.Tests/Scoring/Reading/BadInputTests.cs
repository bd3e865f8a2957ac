using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Reading;

[TestClass]
public sealed class BadInputTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void A_null_text_is_the_empty_text()
    {
        TextScore[] scores = [.. _ml.LanguageModeling.Score(TinyModel.Untrained(), [null, "", "a"])];
        Assert.AreEqual(1, scores[0].TokenCount);
        Assert.AreEqual(scores[1].LogLikelihood, scores[0].LogLikelihood, 1e-6);
        using PredictionEngine<TextRow, ScoredRow> engine = _ml.Model.CreatePredictionEngine<TextRow, ScoredRow>(TinyModel.Untrained());
        Assert.AreEqual(scores[1].LogLikelihood, engine.Predict(new() { Text = null! }).LogLikelihood, 1e-5);
    }

    [TestMethod]
    public void A_megabyte_of_words_is_scored_to_the_last_and_so_are_its_neighbours()
    {
        const int Words = 65_536;
        string text = string.Concat(Enumerable.Repeat("unheard-of-word ", Words - 1)) + "a";
        TextScore[] scores = [.. _ml.LanguageModeling.Score(TinyModel.Untrained(), ["a b", text, "a b"])];
        Assert.AreEqual(Words + 1, scores[1].TokenCount);
        Assert.AreEqual(Words - 1, scores[1].OutOfVocabularyCount);
        Assert.AreEqual("a", scores[1].Tokens[^2].Token);
        Assert.IsTrue(scores[1].Tokens.All(token => token.LogLikelihood < 0));
        Assert.AreEqual(scores[0].LogLikelihood, scores[2].LogLikelihood, 1e-5);
    }

    [TestMethod]
    public void A_megabyte_of_one_word_is_an_unknown_word()
    {
        TextScore score = _ml.LanguageModeling.Score(TinyModel.Untrained(), [new string('x', 1 << 20)]).Single();
        Assert.AreEqual(_ml.LanguageModeling.Score(TinyModel.Untrained(), ["<unk>"]).Single().LogLikelihood, score.LogLikelihood, 1e-6);
        Assert.AreEqual(1, score.OutOfVocabularyCount);
    }

    [TestMethod]
    public void Halves_of_characters_are_unknown_words()
    {
        TextScore score = _ml.LanguageModeling.Score(TinyModel.Untrained(), ["\ud800 a \udc00\ud800 \0"]).Single();
        Assert.AreSequenceEqual(["<unk>", "a", "<unk>", "<unk>", "<eos>"], score.Tokens.Select(token => token.Token));
        Assert.IsTrue(double.IsFinite(score.LogLikelihood) && double.IsFinite(score.BitsPerCharacter));
    }

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void A_model_file_with_weights_that_are_no_numbers_is_refused(double weight)
    {
        LanguageModelNetwork network = Shapes.Network();
        double[] bias = new double[Shapes.Vocabulary];
        bias[3] = weight;
        network.DecoderBias.Set(bias);
        using var model = new LanguageModelTransformer(new("Tokens", new(), TinyModel.Vocabulary(), network));
        byte[] zip = ModelZip.Save(model);
        Errors.AssertThrows<FormatException>(() => ModelZip.Load(zip), "weights", "'decoder_bias'", "no probabilities");
    }

    [TestMethod]
    public void A_disposed_model_says_so()
    {
        ITransformer model = TinyModel.Untrained();
        IDataView scored = model.Transform(_ml.Texts("a b"));
        _ml.LanguageModeling.GetLanguageModel(model).Dispose();
        Errors.AssertThrows<ObjectDisposedException>(() => _ml.LanguageModeling.Evaluate(scored), "language model", "disposed", "load");
        _ml.LanguageModeling.GetLanguageModel(model).Dispose();
    }

    [TestMethod]
    [DataRow(ScoringContext.Row)]
    [DataRow(ScoringContext.Stream)]
    public void Disposing_waits_for_what_is_being_scored_and_ends_the_rest_with_an_error(ScoringContext context)
    {
        string[] texts = [.. Enumerable.Repeat("a b c", 1100)];
        for (int round = 0; round < 4; round++)
        {
            ITransformer model = TinyModel.Untrained(new() { Context = context, TokenRanksColumnName = round % 2 == 0 ? "Ranks" : null });
            IDataView scored = model.Transform(_ml.Texts(texts));
            using var started = new CountdownEvent(4);
            Task<Exception?>[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning))];
            started.Wait();
            _ml.LanguageModeling.GetLanguageModel(model).Dispose();
            foreach (Task<Exception?> reader in readers)
            {
                Assert.IsInstanceOfType<ObjectDisposedException>(reader.Result);
            }

            Exception? Read()
            {
                try
                {
                    for (bool first = true; ; first = false)
                    {
                        foreach (ScoredRow row in _ml.Data.CreateEnumerable<ScoredRow>(scored, reuseRowObject: true))
                        {
                            Assert.IsTrue(row.LogLikelihood < 0);
                            if (first)
                            {
                                started.Signal();
                                first = false;
                            }
                        }
                    }
                }
                catch (Exception e)
                {
                    return e;
                }
            }
        }
    }
}
