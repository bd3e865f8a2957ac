using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring;

[TestClass]
public sealed class LanguageModelTransformerTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Columns_are_sums_and_counts_over_the_words_and_the_mark()
    {
        ITransformer model = TinyModel.Untrained();
        using var scorer = new SequenceScorer(Shapes.Network(), endOfSentence: 1);
        float[] scores = scorer.ScoreRows([[2, 0, 4]])[0].LogLikelihoods;
        ScoredRow row = _ml.Score(model, "a nonsense c")[0];
        Assert.AreEqual(scores.Sum(), row.LogLikelihood, 1e-5f);
        Assert.AreEqual(4, row.TokenCount);
        Assert.AreEqual(1, row.OutOfVocabularyCount);
        Assert.AreEqual(Math.Exp(-scores.Sum() / 4), row.Perplexity, 1e-4);
    }

    [TestMethod]
    public void An_empty_row_is_the_end_of_a_sentence_and_nothing_else()
    {
        using var scorer = new SequenceScorer(Shapes.Network(), endOfSentence: 1);
        ScoredRow[] rows = _ml.Score(TinyModel.Untrained(), "", " \t ");
        foreach (ScoredRow row in rows)
        {
            Assert.AreEqual(scorer.ScoreRows([[]])[0].LogLikelihoods[0], row.LogLikelihood, 1e-5f);
            Assert.AreEqual(1, row.TokenCount);
            Assert.AreEqual(0, row.OutOfVocabularyCount);
            Assert.AreEqual(Math.Exp(-row.LogLikelihood), row.Perplexity, 1e-4);
        }
    }

    [TestMethod]
    public void A_row_of_unknown_words_has_the_probability_of_the_unknown_word()
    {
        using var scorer = new SequenceScorer(Shapes.Network(), endOfSentence: 1);
        ScoredRow row = _ml.Score(TinyModel.Untrained(), "what ever <unk>")[0];
        Assert.AreEqual(scorer.ScoreRows([[0, 0, 0]])[0].LogLikelihoods.Sum(), row.LogLikelihood, 1e-5f);
        Assert.AreEqual(4, row.TokenCount);
        Assert.AreEqual(3, row.OutOfVocabularyCount);
    }

    [TestMethod]
    public void A_prediction_engine_gives_the_scores_of_a_batch()
    {
        string[] texts = [.. TinyModel.ValidationSentences.Take(20), "", "never seen"];
        ScoredRow[] batch = _ml.Score(TinyModel.Trained, texts);
        using PredictionEngine<TextRow, ScoredRow> engine = _ml.Model.CreatePredictionEngine<TextRow, ScoredRow>(
            TinyModel.Trained, new PredictionEngineOptions { OwnsTransformer = false });
        for (int i = 0; i < texts.Length; i++)
        {
            ScoredRow single = engine.Predict(new() { Text = texts[i] });
            Assert.AreEqual(batch[i].LogLikelihood, single.LogLikelihood, 1e-5f * Math.Abs(batch[i].LogLikelihood));
            Assert.AreEqual(batch[i].Perplexity, single.Perplexity, 1e-4f * batch[i].Perplexity);
            Assert.AreEqual(batch[i].TokenCount, single.TokenCount);
            Assert.AreEqual(batch[i].OutOfVocabularyCount, single.OutOfVocabularyCount);
        }
    }

    [TestMethod]
    public void In_a_stream_rows_continue_each_other_and_add_up_to_the_whole_text()
    {
        ITransformer stream = TinyModel.Untrained(new() { Context = ScoringContext.Stream });
        using var scorer = new SequenceScorer(Shapes.Network(), endOfSentence: 1);
        int[] text = [2, 3, 1, 1, 4, 0, 1];
        SequenceScorer.StreamPosition? position = null;
        float[] scores = scorer.ScoreStream(text, ref position).LogLikelihoods;
        position!.Dispose();
        ScoredRow[] rows = _ml.Score(stream, "a b", "", "c x");
        Assert.AreEqual(scores[..3].Sum(), rows[0].LogLikelihood, 1e-5f);
        Assert.AreEqual(scores[3], rows[1].LogLikelihood, 1e-5f);
        Assert.AreEqual(scores[4..].Sum(), rows[2].LogLikelihood, 1e-5f);
        Assert.AreSequenceEqual([3, 1, 3], rows.Select(row => row.TokenCount));
    }

    [TestMethod]
    public void A_stream_of_more_rows_than_are_read_ahead_goes_on_where_it_was()
    {
        string[] texts = [.. Enumerable.Range(0, 2500).Select(i => TinyModel.Words[2 + (i % 11)])];
        int[] text = [.. texts.SelectMany(word => new[] { Array.IndexOf(TinyModel.Words, word), 1 })];
        using var scorer = new SequenceScorer(Shapes.Network(), endOfSentence: 1);
        SequenceScorer.StreamPosition? position = null;
        float[] scores = scorer.ScoreStream(text, ref position).LogLikelihoods;
        position!.Dispose();
        ScoredRow[] rows = _ml.Score(TinyModel.Untrained(new() { Context = ScoringContext.Stream }), texts);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.AreEqual(scores[2 * i] + scores[(2 * i) + 1], rows[i].LogLikelihood, 1e-4f);
        }
    }

    [TestMethod]
    public void A_stream_has_no_row_mapper()
    {
        using LanguageModelTransformer stream = TinyModel.UntrainedScorer(new() { Context = ScoringContext.Stream });
        IDataView tokens = new HandMadeView(0).AddTokens("Tokens", TinyModel.Words, _ => default);
        Assert.IsFalse(stream.IsRowToRowMapper);
        Errors.AssertThrows<InvalidOperationException>(() => stream.GetRowToRowMapper(tokens.Schema), "row context");
    }

    [TestMethod]
    public void Score_columns_can_be_renamed_and_the_model_stays_the_same()
    {
        ITransformer renamed = _ml.LanguageModeling.ChangeScoring(
            TinyModel.Trained, scoring => scoring with { LogLikelihoodColumnName = "Score", TokenCountColumnName = "Length" });
        IDataView scored = renamed.Transform(_ml.Texts("w1 w2"));
        Assert.IsNull(scored.Schema.GetColumnOrNull("LogLikelihood"));
        Assert.AreEqual(_ml.Score(TinyModel.Trained, "w1 w2")[0].LogLikelihood, scored.GetColumn<float>("Score").Single());
        Assert.AreEqual(3, scored.GetColumn<int>("Length").Single());
    }

    [TestMethod]
    public void It_tells_its_head_words_and_parameter_count()
    {
        using LanguageModelTransformer model = TinyModel.UntrainedScorer();
        Assert.AreEqual(LanguageModelHead.MixtureOfSoftmaxes, model.Head);
        Assert.AreEqual(Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes).ParameterCount, model.ParameterCount);
        Assert.AreSequenceEqual(TinyModel.Words, model.Words);
        Assert.IsTrue(model.IsRowToRowMapper);
    }

    [TestMethod]
    public void Scoring_options_without_a_name_of_their_own_are_refused()
    {
        using LanguageModelTransformer model = TinyModel.UntrainedScorer();
        Errors.AssertThrows<ArgumentException>(() => model.WithScoring(new() { PerplexityColumnName = "TokenCount" }), "'TokenCount'");
        Errors.AssertThrows<ArgumentException>(() => model.WithScoring(new() { PerplexityColumnName = " " }), "' '");
        Errors.AssertThrows<ArgumentException>(() => model.WithScoring(new() { Context = (ScoringContext)9 }), "9");
    }

    [TestMethod]
    public void Disposing_any_transformer_of_a_model_frees_the_network_for_all()
    {
        foreach (int disposed in (int[])[0, 1, 2])
        {
            LanguageModelTransformer first = TinyModel.UntrainedScorer();
            LanguageModelTransformer[] all =
            [
                first,
                first.WithScoring(first.Scoring with { Context = ScoringContext.Stream }),
                first.WithScoring(first.Scoring with { Precision = Precision.BFloat16 }),
            ];
            IDataView tokens = new HandMadeView(1).AddTokens("Tokens", TinyModel.Words, _ => new VBuffer<uint>(2, [3, 4]));
            foreach (LanguageModelTransformer model in all)
            {
                Assert.HasCount(1, model.Transform(tokens).GetColumn<float>("LogLikelihood").ToArray());
            }

            all[disposed].Dispose();
            foreach (LanguageModelTransformer model in all)
            {
                Assert.Throws<ObjectDisposedException>(() => model.Transform(tokens).GetColumn<float>("LogLikelihood").ToArray());
            }
        }
    }

    [TestMethod]
    public void A_disposed_model_is_not_saved_without_its_weights()
    {
        ITransformer model = TinyModel.Untrained();
        _ml.LanguageModeling.GetLanguageModel(model).Dispose();
        Assert.Throws<ObjectDisposedException>(() => ModelZip.Save(model));
    }

    [TestMethod]
    public void A_missing_or_wrong_token_column_is_named_with_the_remedy()
    {
        using LanguageModelTransformer model = TinyModel.UntrainedScorer();
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => model.Transform(_ml.Texts("a")), "'Tokens'", "Text");
        Errors.AssertThrows<ArgumentOutOfRangeException>(
            () => model.Transform(new HandMadeView(1).Add("Tokens", TextDataViewType.Instance, _ => "a".AsMemory())),
            "'Tokens'", "String", "TokenizeIntoVocabulary");
    }
}
