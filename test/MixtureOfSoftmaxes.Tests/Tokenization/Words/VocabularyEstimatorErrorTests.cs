using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.Words;

[TestClass]
public sealed class VocabularyEstimatorErrorTests
{
    private readonly MLContext _ml = new();

    private VocabularyTokenizingEstimator Estimator => _ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text");

    [TestMethod]
    public void A_missing_column_is_named_beside_those_that_are_there()
    {
        IDataView scores = _ml.Data.LoadFromEnumerable([new ScoredRow()]);
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => Estimator.Fit(scores), "'Text'", "LogLikelihood, TokenCount");
    }

    [TestMethod]
    public void A_column_of_another_type_is_named_with_its_type()
    {
        VocabularyTokenizingEstimator estimator = _ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "TokenCount");
        Errors.AssertThrows<ArgumentOutOfRangeException>(
            () => estimator.Fit(_ml.Data.LoadFromEnumerable([new ScoredRow()])), "'TokenCount'", "Int32", "String is needed");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(3)]
    public void Data_without_a_word_is_an_error_that_names_the_column(int emptyRows) =>
        Errors.AssertThrows<InvalidOperationException>(
            () => Estimator.Fit(_ml.Texts(Enumerable.Repeat(" \t", emptyRows))), "'Text'", "no word");

    [TestMethod]
    public void The_transformer_checks_its_column_too()
    {
        VocabularyTokenizingTransformer tokenizer = Estimator.Fit(_ml.Texts("a"));
        IDataView scores = _ml.Data.LoadFromEnumerable([new ScoredRow()]);
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => tokenizer.Transform(scores), "'Text'");
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => tokenizer.GetOutputSchema(scores.Schema), "'Text'");
    }

    [TestMethod]
    public void Options_out_of_range_are_named_with_their_value()
    {
        Errors.AssertThrows<ArgumentException>(() => Make(new() { MinimumCount = 0 }), "MinimumCount", "0");
        Errors.AssertThrows<ArgumentException>(() => Make(new() { MaximumSize = 2 }), "MaximumSize", "2", "3");
        Errors.AssertThrows<ArgumentException>(() => Make(new() { UnknownWord = "" }), "UnknownWord");
        Errors.AssertThrows<ArgumentException>(() => Make(new() { EndOfSentence = "a b" }), "EndOfSentence", "'a b'");
        Errors.AssertThrows<ArgumentException>(
            () => Make(new() { UnknownWord = "x", EndOfSentence = "x" }), "UnknownWord", "EndOfSentence", "'x'");

        void Make(VocabularyTokenizingEstimator.Options options) =>
            _ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text", options);
    }

    [TestMethod]
    public void The_output_shape_adds_a_variable_vector_of_keys_with_text_key_values()
    {
        SchemaShape output = Estimator.GetOutputSchema(new([SchemaShapes.Scalar("Text", TextDataViewType.Instance)]));
        SchemaShape.Column[] columns = [.. output];
        Assert.AreSequenceEqual(["Text", "Tokens"], columns.Select(column => column.Name));
        Assert.AreEqual(SchemaShape.Column.VectorKind.VariableVector, columns[1].Kind);
        Assert.IsTrue(columns[1].IsKey);
        Assert.AreEqual(NumberDataViewType.UInt32, columns[1].ItemType);
        Assert.AreEqual(TextDataViewType.Instance, columns[1].Annotations.Single(a => a.Name == "KeyValues").ItemType);
    }

    [TestMethod]
    public void The_input_shape_is_checked()
    {
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => Estimator.GetOutputSchema(new([])), "'Text'");
        Errors.AssertThrows<ArgumentOutOfRangeException>(
            () => Estimator.GetOutputSchema(new([SchemaShapes.Scalar("Text", NumberDataViewType.Single)])), "'Text'", "Single");
        Errors.AssertThrows<ArgumentOutOfRangeException>(
            () => Estimator.GetOutputSchema(new([SchemaShapes.Of("Text", new VectorDataViewType(TextDataViewType.Instance))])), "'Text'", "Vector");
    }
}
