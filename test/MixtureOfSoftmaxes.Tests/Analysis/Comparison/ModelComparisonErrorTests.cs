using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Analysis.Comparison;

[TestClass]
public sealed class ModelComparisonErrorTests : IDisposable
{
    private static readonly MLContext s_ml = new();

    private readonly KnownModel _model = new(LanguageModelHead.Softmax);
    private readonly IDataView _data = s_ml.Texts(KnownModel.Text(rows: 20));

    [TestMethod]
    public void Models_need_names_of_their_own()
    {
        Refused([], "No model");
        Refused([("a", _model.Chain), ("a", _model.Chain)], "'a', 'a'");
        Refused([(" ", _model.Chain)], "a name of its own");
    }

    [TestMethod]
    public void Models_of_different_vocabularies_are_refused() =>
        Refused([("a", _model.Chain), ("b", TinyModel.Untrained())], "'a'", "'b'", "48 and 13 words", "word 2");

    [TestMethod]
    public void Models_that_score_in_different_contexts_are_refused() => Refused(
        [("a", _model.Chain), ("b", s_ml.LanguageModeling.ChangeScoring(_model.Chain, s => s with { Context = ScoringContext.Stream }))],
        "'a'", "Row", "'b'", "Stream");

    [TestMethod]
    public void Models_that_read_other_tokens_are_refused()
    {
        // A tokenizer that knows fewer words than the model behind it.
        var fewer = new Vocabulary([.. KnownModel.Words.Take(20)], "<unk>", "<eos>");
        ITransformer other = new Data.TransformerChain<ITransformer>(
            new VocabularyTokenizingTransformer("Tokens", "Text", fewer), _model.Scorer);
        Refused([("a", _model.Chain), ("b", other)], "'a'", "'b'", "row 0");
    }

    [TestMethod]
    public void One_row_is_refused() => Errors.AssertThrows<InvalidOperationException>(
        () => s_ml.LanguageModeling.Compare([("a", _model.Chain)], s_ml.Texts("w2 w3 w4")), "one row");

    [TestMethod]
    public void A_log_likelihood_that_is_not_finite_names_the_model_and_the_row()
    {
        double[] bias = new double[KnownModel.Vocabulary];
        bias[2] = double.NaN;
        _model.Network.DecoderBias.Set(bias);
        Errors.AssertThrows<InvalidOperationException>(
            () => s_ml.LanguageModeling.Compare([("a", _model.Chain)], _data), "'a'", "row 0", "not finite");
    }

    [TestMethod]
    public void Options_out_of_range_are_named()
    {
        Refused(new ModelComparisonOptions { Resamples = 99 }, "Resamples is 99", "at least 100");
        Refused(new ModelComparisonOptions { Confidence = 1 }, "Confidence is 1", "below 1");
        Refused(new ModelComparisonOptions { Contexts = 1 }, "Contexts is 1", "at least 2");
        Refused(new ModelComparisonOptions { Examples = -1 }, "Examples is -1", "at least 0");
    }

    public void Dispose() => _model.Dispose();

    private void Refused((string, ITransformer)[] models, params string[] parts) =>
        Errors.AssertThrows<ArgumentException>(() => s_ml.LanguageModeling.Compare(models, _data), parts);

    private void Refused(ModelComparisonOptions options, params string[] parts) =>
        Errors.AssertThrows<ArgumentException>(() => s_ml.LanguageModeling.Compare([("a", _model.Chain)], _data, options), parts);
}
