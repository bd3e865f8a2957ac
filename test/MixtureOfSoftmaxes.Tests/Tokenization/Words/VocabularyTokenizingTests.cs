using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.Words;

[TestClass]
public sealed class VocabularyTokenizingTests
{
    private readonly MLContext _ml = new();

    [TestMethod]
    public void The_vocabulary_is_the_marks_then_words_by_count_ties_by_first_appearance() =>
        AssertWords(["<unk>", "<eos>", "b", "a", "d", "c"], new(), "b a b", "d c a");

    [TestMethod]
    public void Rare_words_stay_out() => AssertWords(["<unk>", "<eos>", "b", "a"], new() { MinimumCount = 2 }, "b a b", "c a d");

    [TestMethod]
    public void The_largest_vocabulary_includes_the_marks() =>
        AssertWords(["<unk>", "<eos>", "c"], new() { MaximumSize = 3 }, "a c", "b c");

    [TestMethod]
    public void Marks_in_the_text_are_the_marks_and_no_words() =>
        AssertWords(["<unk>", "<eos>", "a"], new(), "<unk> a <eos> <unk>");

    [TestMethod]
    public void Marks_can_be_named() =>
        AssertWords(["UNK", "</s>", "<unk>"], new() { UnknownWord = "UNK", EndOfSentence = "</s>" }, "<unk> UNK </s>");

    [TestMethod]
    public void Words_differ_by_case_and_by_every_character() =>
        AssertWords(["<unk>", "<eos>", "a", "A", "a,", "é", "e\u0301"], new(), "a A a, é e\u0301");

    [TestMethod]
    [DataRow("a b", DisplayName = "space")]
    [DataRow("\ta\t\tb\r\n", DisplayName = "tabs and line ends")]
    [DataRow("a\u00A0b", DisplayName = "no-break space")]
    [DataRow("\u2003a\u2028b\u3000", DisplayName = "em space, line separator, ideographic space")]
    [DataRow("a\u0085b", DisplayName = "next line")]
    public void Unicode_white_space_separates(string text) => AssertWords(["<unk>", "<eos>", "a", "b"], new(), text);

    [TestMethod]
    public void Zero_width_characters_and_combined_emoji_belong_to_words() =>
        AssertWords(["<unk>", "<eos>", "a\u200Bb", "👩\u200D🔬", "𝒳"], new(), "a\u200Bb 👩\u200D🔬 𝒳");

    [TestMethod]
    public void Text_becomes_keys_of_its_words_and_of_the_unknown_word()
    {
        VocabularyTokenizingTransformer tokenizer = Fit(new(), "a b a");
        uint[][] keys = Keys(tokenizer, "b a x", "", "   ", "<unk> <eos> a");
        Assert.AreSequenceEqual([4u, 3u, 1u], keys[0]);
        Assert.IsEmpty(keys[1]);
        Assert.IsEmpty(keys[2]);
        Assert.AreSequenceEqual([1u, 2u, 3u], keys[3]);
    }

    [TestMethod]
    public void The_column_is_a_variable_vector_of_keys_whose_key_values_are_the_words()
    {
        VocabularyTokenizingTransformer tokenizer = Fit(new(), "a b a");
        DataViewSchema.Column column = tokenizer.Transform(_ml.Texts("a")).Schema["Tokens"];
        var type = (VectorDataViewType)column.Type;
        Assert.AreEqual(new KeyDataViewType(typeof(uint), 4), type.ItemType);
        Assert.IsFalse(type.IsKnownSize);
        VBuffer<ReadOnlyMemory<char>> words = default;
        column.GetKeyValues(ref words);
        Assert.AreSequenceEqual(["<unk>", "<eos>", "a", "b"], words.DenseValues().Select(word => word.ToString()));
        Assert.AreSequenceEqual(tokenizer.Words, words.DenseValues().Select(word => word.ToString()));
    }

    [TestMethod]
    public void An_output_of_the_inputs_name_hides_it()
    {
        IDataView tokens = _ml.LanguageModeling.TokenizeIntoVocabulary("Text").Fit(_ml.Texts("a")).Transform(_ml.Texts("a"));
        Assert.IsInstanceOfType<VectorDataViewType>(tokens.Schema["Text"].Type);
        Assert.IsTrue(tokens.Schema[0].IsHidden);
    }

    [TestMethod]
    public void A_prediction_engine_tokenizes()
    {
        VocabularyTokenizingTransformer tokenizer = Fit(new(), "a b");
        using PredictionEngine<TextRow, TokensRow> engine = _ml.Model.CreatePredictionEngine<TextRow, TokensRow>(tokenizer);
        Assert.AreSequenceEqual([4u, 1u, 3u], engine.Predict(new() { Text = "b x a" }).Tokens);
        Assert.IsEmpty(engine.Predict(new()).Tokens);
    }

    private void AssertWords(string[] expected, VocabularyTokenizingEstimator.Options options, params string[] texts) =>
        Assert.AreSequenceEqual(expected, Fit(options, texts).Words);

    private VocabularyTokenizingTransformer Fit(VocabularyTokenizingEstimator.Options options, params string[] texts) =>
        _ml.LanguageModeling.TokenizeIntoVocabulary("Tokens", "Text", options).Fit(_ml.Texts(texts));

    private uint[][] Keys(ITransformer tokenizer, params string[] texts)
    {
        IDataView tokens = tokenizer.Transform(_ml.Texts(texts));
        return [.. _ml.Data.CreateEnumerable<TokensRow>(tokens, reuseRowObject: false).Select(row => row.Tokens)];
    }

    private sealed class TokensRow
    {
        [KeyType(4)]
        public uint[] Tokens { get; set; } = [];
    }
}
