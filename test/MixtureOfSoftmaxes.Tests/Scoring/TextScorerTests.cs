using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring;

/// <summary>Strings in, numbers out.</summary>
[TestClass]
public sealed class TextScorerTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Scores_are_those_of_the_columns()
    {
        string[] texts = ["a b", "what a b", ""];
        IReadOnlyList<TextScore> scores = _ml.LanguageModeling.Score(TinyModel.Untrained(), texts);
        ScoredRow[] rows = _ml.Score(TinyModel.Untrained(), texts);
        Assert.HasCount(texts.Length, scores);
        foreach ((TextScore score, ScoredRow row) in scores.Zip(rows))
        {
            Assert.AreEqual(row.LogLikelihood, score.LogLikelihood, 1e-5);
            Assert.AreEqual(row.TokenCount, score.TokenCount);
            Assert.AreEqual(row.OutOfVocabularyCount, score.OutOfVocabularyCount);
            Assert.AreEqual(row.Perplexity, score.Perplexity, 1e-4);
            Assert.IsTrue(double.IsFinite(score.BitsPerCharacter));
            Assert.AreEqual(score.LogLikelihood, score.Tokens.Sum(token => token.LogLikelihood), 1e-4);
        }
    }

    [TestMethod]
    public void Each_token_says_whether_it_is_unknown()
    {
        TextScore score = _ml.LanguageModeling.Score(TinyModel.Untrained(), ["a what b"]).Single();
        Assert.AreSequenceEqual(["a", "<unk>", "b", "<eos>"], score.Tokens.Select(token => token.Token));
        Assert.AreSequenceEqual([false, true, false, false], score.Tokens.Select(token => token.IsUnknown));
    }

    [TestMethod]
    public void Without_tokens_the_rest_is_the_same()
    {
        ITransformer model = TinyModel.Untrained(new() { TokensColumnName = "Words" });
        TextScore score = _ml.LanguageModeling.Score(model, ["a what b"], includeTokens: false).Single();
        Assert.IsEmpty(score.Tokens);
        Assert.AreEqual(_ml.LanguageModeling.Score(model, ["a what b"]).Single() with { Tokens = score.Tokens }, score);
    }

    [TestMethod]
    public void The_scoring_options_of_the_model_hold()
    {
        ITransformer model = TinyModel.Untrained(new()
        {
            LogLikelihoodColumnName = "Score",
            TokensColumnName = "Words",
            TopTokensColumnName = "Top",
            CountEndOfSentence = false,
            Context = ScoringContext.Stream,
        });
        IReadOnlyList<TextScore> scores = _ml.LanguageModeling.Score(model, ["a b", "a b"]);
        Assert.AreSequenceEqual(["a", "b"], scores[0].Tokens.Select(token => token.Token));
        Assert.AreNotEqual(scores[0].LogLikelihood, scores[1].LogLikelihood, 1e-4, "the second goes on from the first");
    }

    [TestMethod]
    public void The_text_column_is_the_one_that_the_model_was_trained_from()
    {
        ITransformer model = _ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Line")
            .Fit(_ml.Data.LoadFromEnumerable([new { Line = "a b" }]))
            .Append(TinyModel.UntrainedScorer());
        Assert.AreEqual(3, _ml.LanguageModeling.Score(model, ["a b"], "Line").Single().TokenCount);
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => _ml.LanguageModeling.Score(model, ["a b"]), "'Line'", "Text");
    }

    [TestMethod]
    public void No_texts_have_no_scores() => Assert.IsEmpty(_ml.LanguageModeling.Score(TinyModel.Untrained(), []));
}
