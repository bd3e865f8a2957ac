using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp.Modules;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Analysis.Rank;

[TestClass]
public sealed class RankErrorTests : IDisposable
{
    private static readonly MLContext s_ml = new();

    private readonly KnownModel _model = new(LanguageModelHead.Softmax);
    private readonly IDataView _text = s_ml.Texts(KnownModel.Text(rows: 100));

    [TestMethod]
    public void A_chain_without_a_language_model_is_refused() => Errors.AssertThrows<ArgumentException>(
        () => s_ml.LanguageModeling.AnalyzeRank(new TransformerChain<ITransformer>(), _text), "no language model");

    [TestMethod]
    public void A_column_that_is_not_there_is_named()
    {
        IDataView other = s_ml.Data.LoadFromEnumerable(new[] { new ScoredRow() });
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => s_ml.LanguageModeling.AnalyzeRank(_model.Chain, other), "'Text'", "TokenCount");
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => s_ml.LanguageModeling.AnalyzeRank(_model.Scorer, _text), "'Tokens'", "Text");
    }

    [TestMethod]
    public void Data_without_a_word_is_refused() => Errors.AssertThrows<InvalidOperationException>(
        () => s_ml.LanguageModeling.AnalyzeRank(_model.Chain, s_ml.Texts("", "")), "'Tokens'", "2 rows");

    [TestMethod]
    public void No_contexts_are_out_of_range() => Errors.AssertThrows<ArgumentException>(
        () => s_ml.LanguageModeling.AnalyzeRank(_model.Chain, _text, new() { Contexts = 0 }), "Contexts is 0", "at least 1");

    [TestMethod]
    public void Contexts_that_are_too_few_for_the_embedding_size_are_refused_with_what_to_change()
    {
        Errors.AssertThrows<InvalidOperationException>(
            () => s_ml.LanguageModeling.AnalyzeRank(_model.Chain, _text, new() { Contexts = 7 }), "7 contexts", "size 5", "raise Contexts");
        Errors.AssertThrows<InvalidOperationException>(
            () => s_ml.LanguageModeling.AnalyzeRank(_model.Chain, s_ml.Texts("w2 w3 w4")), "4 contexts", "size 5", "more data");
        Assert.AreEqual(8, s_ml.LanguageModeling.AnalyzeRank(_model.Chain, _text, new() { Contexts = 8 }).ContextCount);
    }

    [TestMethod]
    public void Contexts_that_all_have_the_same_distribution_are_refused()
    {
        foreach (Parameter parameter in _model.Network.parameters())
        {
            parameter.Set(new double[parameter.numel()]);
        }

        Errors.AssertThrows<InvalidOperationException>(() => s_ml.LanguageModeling.AnalyzeRank(_model.Chain, _text), "same after all 992 contexts");
    }

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void Weights_that_are_not_finite_are_told(double value)
    {
        double[] bias = new double[KnownModel.Vocabulary];
        bias[3] = value;
        _model.Network.DecoderBias.Set(bias);
        Errors.AssertThrows<InvalidOperationException>(() => s_ml.LanguageModeling.AnalyzeRank(_model.Chain, _text), "not finite");
    }

    public void Dispose() => _model.Dispose();
}
