using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Evaluation;

[TestClass]
public sealed class CorpusEvaluatorTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void Perplexity_is_of_the_sums_and_never_a_mean_of_rows()
    {
        LanguageModelMetrics metrics = Evaluate(Row(-2, 1, 0), Row(-6, 12, 5), Row(-1, 1, 1));
        Assert.AreEqual(9.0 / 14, metrics.CrossEntropy, 1e-12);
        Assert.AreEqual(1.901907, metrics.Perplexity, 1e-6);
        Assert.AreEqual(0.927447, metrics.CrossEntropyBits, 1e-6);
        Assert.AreEqual(14, metrics.TokenCount);
        Assert.AreEqual(6, metrics.OutOfVocabularyCount);
        Assert.AreEqual(3, metrics.RowCount);
    }

    [TestMethod]
    public void Sums_are_exact_over_many_rows()
    {
        // In single precision a million times -0.1 would be off in the fourth digit.
        LanguageModelMetrics metrics = Evaluate(Enumerable.Repeat(Row(-0.1f, 1, 0), 1_000_000));
        Assert.AreEqual((double)0.1f, metrics.CrossEntropy, 1e-9);
    }

    [TestMethod]
    public void It_evaluates_what_a_model_scored()
    {
        ScoredRow[] rows = _ml.Score(TinyModel.Trained, TinyModel.ValidationSentences);
        IDataView scored = TinyModel.Trained.Transform(_ml.Texts(TinyModel.ValidationSentences));
        LanguageModelMetrics metrics = _ml.LanguageModeling.Evaluate(scored);
        Assert.AreEqual(rows.Sum(row => -(double)row.LogLikelihood) / rows.Sum(row => row.TokenCount), metrics.CrossEntropy, 1e-6);
        Assert.AreEqual(rows.Length, metrics.RowCount);
    }

    [TestMethod]
    public void Columns_can_have_other_names()
    {
        var columns = new ScoringOptions { LogLikelihoodColumnName = "Score", TokenCountColumnName = "Length" };
        IDataView data = new HandMadeView(2)
            .Add("Score", NumberDataViewType.Single, _ => -3f)
            .Add("Length", NumberDataViewType.Int32, row => 1 + (int)row)
            .Add("OutOfVocabularyCount", NumberDataViewType.Int32, _ => 0);
        Assert.AreEqual(2, _ml.LanguageModeling.Evaluate(data, columns).CrossEntropy);
    }

    [TestMethod]
    [DataRow(float.NaN, 1, 0)]
    [DataRow(float.NegativeInfinity, 1, 0)]
    [DataRow(-1f, -1, 0)]
    [DataRow(-1f, 1, -1)]
    public void A_row_without_a_perplexity_is_named(float logLikelihood, int tokens, int unknown) =>
        Errors.AssertThrows<InvalidOperationException>(() => Evaluate(Row(-1, 1, 0), Row(logLikelihood, tokens, unknown)), "Row 1");

    [TestMethod]
    public void No_token_has_no_perplexity()
    {
        Errors.AssertThrows<InvalidOperationException>(() => Evaluate(), "no token", "0 rows");
        Errors.AssertThrows<InvalidOperationException>(() => Evaluate(Row(0, 0, 0), Row(0, 0, 0)), "no token", "2 rows");
    }

    [TestMethod]
    public void A_missing_or_wrong_column_is_named()
    {
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => _ml.LanguageModeling.Evaluate(_ml.Texts("a")), "'LogLikelihood'", "Text");
        IDataView wrong = new HandMadeView(1).Add("LogLikelihood", NumberDataViewType.Double, _ => -1.0);
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => _ml.LanguageModeling.Evaluate(wrong), "'LogLikelihood'", "Double", "Single");
    }

    private LanguageModelMetrics Evaluate(params IEnumerable<ScoredRow> rows) =>
        _ml.LanguageModeling.Evaluate(_ml.Data.LoadFromEnumerable(rows));

    private static ScoredRow Row(float logLikelihood, int tokens, int unknown) =>
        new() { LogLikelihood = logLikelihood, TokenCount = tokens, OutOfVocabularyCount = unknown, Perplexity = 1000 };
}
