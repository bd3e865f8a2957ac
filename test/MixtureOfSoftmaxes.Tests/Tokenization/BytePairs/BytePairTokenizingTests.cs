using System.Text;
using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Tokenization.BytePairs;

[TestClass]
public sealed class BytePairTokenizingTests
{
    private const string MergesEntry = "Merges.json";

    private readonly MLContext _ml = new();

    [TestMethod]
    public void Any_text_comes_back_exactly()
    {
        BytePairTokenizingTransformer tokenizer = Fit("a cat sat on a mat", "la été la", "  two  spaces  ");
        AnyText.Holds(text =>
        {
            uint[] keys = Keys(tokenizer, text);
            Assert.AreEqual(text, tokenizer.Detokenize(keys));
            Assert.IsTrue(keys.All(key => key >= 1 && key <= tokenizer.Tokens.Count));
        });
    }

    [TestMethod]
    public void Halves_of_surrogate_pairs_become_replacement_characters()
    {
        AssertReplaced("\ud800", "\ufffd");
        AssertReplaced("a\udc00b \ud83d", "a\ufffdb \ufffd");
        AssertReplaced("\udc00\ud800", "\ufffd\ufffd");
    }

    [TestMethod]
    public void Frequent_words_are_one_token_with_their_space()
    {
        BytePairTokenizingTransformer tokenizer = Fit([.. Enumerable.Repeat("on the mat", 3)]);
        uint[] keys = Keys(tokenizer, " the mat the");
        Assert.AreSequenceEqual(["Ġthe", "Ġmat", "Ġthe"], keys.Select(key => tokenizer.Tokens[(int)key - 1]));
        Assert.AreEqual(" the mat the", BytePairTokenizingTransformer.Detokenize(["Ġthe", "Ġmat", "Ġthe"]));
        Assert.IsEmpty(Keys(tokenizer, ""));
    }

    [TestMethod]
    public void The_vocabulary_is_of_the_size_asked_for_or_what_the_text_yields()
    {
        Assert.HasCount(256, Fit(new BytePairTokenizingEstimator.Options { VocabularySize = 256 }, "aaaa bbbb").Tokens);
        Assert.HasCount(258, Fit(new BytePairTokenizingEstimator.Options { VocabularySize = 258 }, "aaaa bbbb").Tokens);
        Assert.HasCount(256, Fit("abc").Tokens);
        Assert.HasCount(258, Fit(new BytePairTokenizingEstimator.Options { MinimumPairCount = 1 }, "abc").Tokens);
    }

    [TestMethod]
    public void Bytes_have_printable_names_of_their_own()
    {
        string[] names = [.. Fit("a").Tokens];
        Assert.HasCount(256, names.Distinct());
        Assert.IsTrue(names.All(name => name.Length == 1 && !char.IsControl(name[0]) && !char.IsWhiteSpace(name[0])));
        int[] bytes = [33, 65, 122, 126, 32, 10, 0xc3];
        Assert.AreSequenceEqual(["!", "A", "z", "~", "Ġ", "Ċ", "Ã"], bytes.Select(value => names[value]));
    }

    [TestMethod]
    public void The_column_is_a_variable_vector_of_keys_whose_key_values_are_the_tokens()
    {
        BytePairTokenizingTransformer tokenizer = Fit("the the");
        DataViewSchema.Column column = tokenizer.GetOutputSchema(_ml.Texts("").Schema)["Tokens"];
        var vector = (VectorDataViewType)column.Type;
        Assert.IsFalse(vector.IsKnownSize);
        Assert.AreEqual((ulong)tokenizer.Tokens.Count, ((KeyDataViewType)vector.ItemType).Count);
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetKeyValues(ref names);
        Assert.AreSequenceEqual(tokenizer.Tokens, names.DenseValues().Select(name => name.ToString()));
    }

    [TestMethod]
    public void The_column_says_that_its_tokens_are_byte_pairs()
    {
        DataViewSchema.Column column = Fit("the the").GetOutputSchema(_ml.Texts("").Schema)["Tokens"];
        ReadOnlyMemory<char> encoding = default;
        column.Annotations.GetValue("TokenEncoding", ref encoding);
        Assert.AreEqual("BytePairs", encoding.ToString());
        SchemaShape shape = _ml.LanguageModeling.TokenizeIntoBytePairs("Tokens", "Text")
            .GetOutputSchema(new([SchemaShapes.Scalar("Text", TextDataViewType.Instance)]));
        SchemaShape annotations = shape.Single(declared => declared.Name == "Tokens").Annotations;
        Assert.AreSequenceEqual(
            column.Annotations.Schema.Select(annotation => annotation.Name), annotations.Select(annotation => annotation.Name));
    }

    [TestMethod]
    public void A_megabyte_without_a_space_is_a_matter_of_seconds()
    {
        string text = new('a', 1 << 20);
        BytePairTokenizingTransformer tokenizer = Fit(text, "𝒳" + text);
        Task<string> back = Task.Run(() => tokenizer.Detokenize(Keys(tokenizer, text)));
        Assert.IsTrue(back.Wait(TimeSpan.FromSeconds(20)));
        Assert.AreEqual(text, back.Result);
    }

    [TestMethod]
    public void It_saves_and_loads()
    {
        BytePairTokenizingTransformer tokenizer = Fit("a cat sat on a mat", "été «été»");
        var loaded = (BytePairTokenizingTransformer)ModelZip.Load(ModelZip.Save(tokenizer));
        Assert.AreSequenceEqual(tokenizer.Tokens, loaded.Tokens);
        Assert.AreSequenceEqual(Keys(tokenizer, "a mat, été"), Keys(loaded, "a mat, été"));
    }

    [TestMethod]
    public void The_merges_in_a_file_are_applied_in_their_order_and_saved_as_they_were()
    {
        string[] merges = ["b c", "a b", "Ã ©"];
        byte[] zip = ModelZip.WithSealed(ModelZip.Save(Fit("a")), MergesEntry, _ => JsonSerializer.SerializeToUtf8Bytes(merges));
        var loaded = (BytePairTokenizingTransformer)ModelZip.Load(zip);
        Assert.AreSequenceEqual(["Ġ", "a", "bc", "Ġ", "Ã©"], ((ISubwordTokenizer)loaded).Tokenize(" abc é"));
        Assert.AreSequenceEqual(["bc", "ab", "Ã©"], loaded.Tokens.Skip(256));
        byte[] saved = ModelZip.Entry(ModelZip.Save(loaded), MergesEntry);
        Assert.AreSequenceEqual(merges, JsonSerializer.Deserialize<string[]>(saved)!);
    }

    [TestMethod]
    [DataRow("""["a x b"]""", "'a x b'", DisplayName = "three tokens")]
    [DataRow("""["a b", "ab", "a c"]""", "merge 1", DisplayName = "one token")]
    [DataRow("""["ab c", "a b"]""", "'ab c'", DisplayName = "not there yet")]
    [DataRow("""["a b", "a b"]""", "merge 1", DisplayName = "twice")]
    [DataRow("""["a b", "b c", "ab c", "a bc"]""", "merge 3", DisplayName = "made in another way")]
    [DataRow("""["a b", null]""", "Text 1 is null", DisplayName = "null")]
    [DataRow("[1]", "Merges.json", DisplayName = "not text")]
    public void Damaged_merges_are_refused(string merges, string named)
    {
        byte[] damaged = ModelZip.WithSealed(ModelZip.Save(Fit("a")), MergesEntry, _ => Encoding.UTF8.GetBytes(merges));
        Errors.AssertThrows<FormatException>(() => ModelZip.Load(damaged), named);
    }

    [TestMethod]
    public void What_cannot_be_learnt_from_or_decoded_is_named()
    {
        Errors.AssertThrows<InvalidOperationException>(() => Fit(), "'Text'", "no text");
        Errors.AssertThrows<InvalidOperationException>(() => Fit("", ""), "'Text'", "no text");
        Errors.AssertThrows<ArgumentException>(
            () => _ml.LanguageModeling.TokenizeIntoBytePairs("Tokens", "Sentence").Fit(_ml.Texts("a")), "'Sentence'", "Text");
        AssertInvalid(new() { VocabularySize = 255 }, "VocabularySize", "255", "256");
        AssertInvalid(new() { VocabularySize = 1_000_001 }, "VocabularySize");
        AssertInvalid(new() { MinimumPairCount = 0 }, "MinimumPairCount", "0");

        BytePairTokenizingTransformer tokenizer = Fit("a");
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => tokenizer.Detokenize([0u]), "1 to 256", "0");
        Errors.AssertThrows<ArgumentOutOfRangeException>(() => tokenizer.Detokenize([257u]), "257");
        Errors.AssertThrows<ArgumentException>(() => BytePairTokenizingTransformer.Detokenize(["a b"]), "'a b'", "' '");
        Assert.AreEqual("\ufffd", tokenizer.Detokenize([0xc3u + 1]), "Half a character is no text.");
    }

    private void AssertInvalid(BytePairTokenizingEstimator.Options options, params string[] parts) =>
        Errors.AssertThrows<ArgumentException>(() => Fit(options, "a"), parts);

    private void AssertReplaced(string text, string replaced)
    {
        BytePairTokenizingTransformer tokenizer = Fit("a b");
        Assert.AreEqual(replaced, tokenizer.Detokenize(Keys(tokenizer, text)));
        Assert.AreSequenceEqual(Keys(tokenizer, replaced), Keys(tokenizer, text));
    }

    private BytePairTokenizingTransformer Fit(params string[] texts) => Fit(new BytePairTokenizingEstimator.Options(), texts);

    private BytePairTokenizingTransformer Fit(BytePairTokenizingEstimator.Options options, params string[] texts) =>
        _ml.LanguageModeling.TokenizeIntoBytePairs("Tokens", "Text", options).Fit(_ml.Texts(texts));

    private uint[] Keys(BytePairTokenizingTransformer tokenizer, string text) =>
        tokenizer.Transform(_ml.Texts(text)).GetColumn<uint[]>("Tokens").Single();
}
