using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Scoring.Columns;

/// <summary>Bits a character of byte pairs, each of which may be several characters or a part of one.</summary>
[TestClass]
public sealed class BytePairCharactersTests
{
    private const string Settings = "Transform_001/Settings.json";

    private readonly MLContext _ml = new();

    [TestMethod]
    [DataRow("", 0)]
    [DataRow("a", 1)]
    [DataRow(" a  b ", 6, DisplayName = "spaces are characters of the text")]
    [DataRow("a\n\tb", 4)]
    [DataRow("naïve été", 9)]
    [DataRow("e\u0301", 2, DisplayName = "a letter and its accent")]
    [DataRow("日本", 2)]
    [DataRow("👩\u200D🔬!", 4, DisplayName = "woman, joiner, microscope")]
    [DataRow("<unk> <eos>", 11, DisplayName = "no marks but text")]
    public void Characters_are_the_code_points_of_the_text_and_the_end(string text, int characters)
    {
        BytePairTokenizingTransformer merging =
            BytePairModel.Tokenizer("naïve été naïve été", "日本 日本", "👩\u200D🔬 👩\u200D🔬");
        foreach (ITransformer model in new[] { BytePairModel.Bytes(), BytePairModel.Untrained(merging), BytePairModel.Trained })
        {
            AssertCharacters(characters + 1, _ml.LanguageModeling.Score(model, [text]).Single());
        }

        TextScore withoutEnd = _ml.LanguageModeling.Score(BytePairModel.Bytes(new() { CountEndOfSentence = false }), [text]).Single();
        AssertCharacters(characters, withoutEnd);
    }

    [TestMethod]
    public void Of_ASCII_they_are_the_bits_a_byte()
    {
        foreach (string text in new[] { "w1 w2", "", "  never seen: w3\t!" })
        {
            double bitsPerByte = Evaluate(text).BitsPerByte!.Value;
            Assert.AreEqual(bitsPerByte, BitsPerCharacter(BytePairModel.Trained, text), 1e-5 * bitsPerByte);
        }

        Assert.AreNotEqual(Evaluate("été").BitsPerByte!.Value, BitsPerCharacter(BytePairModel.Trained, "été"), 0.1);

        LanguageModelMetrics Evaluate(string text) =>
            _ml.LanguageModeling.Evaluate(BytePairModel.Trained.Transform(_ml.Texts(text)), textColumnName: "Text");
    }

    [TestMethod]
    public void The_model_alone_knows_it_after_it_was_saved_and_loaded()
    {
        ITransformer tokenizer = ((IEnumerable<ITransformer>)BytePairModel.Trained).First();
        DataViewSchema tokens = tokenizer.GetOutputSchema(_ml.Texts().Schema);
        using var file = new MemoryStream();
        _ml.Model.Save(_ml.LanguageModeling.GetLanguageModel(BytePairModel.Trained), tokens, file);
        file.Position = 0;
        LanguageModelTransformer alone = _ml.LanguageModeling.GetLanguageModel(_ml.Model.Load(file, out DataViewSchema loadedTokens));
        Assert.AreSequenceEqual(
            tokens["Tokens"].Annotations.Schema.Select(annotation => annotation.Name),
            loadedTokens["Tokens"].Annotations.Schema.Select(annotation => annotation.Name));
        Assert.AreEqual(
            BitsPerCharacter(BytePairModel.Trained, "été w1"), BitsPerCharacter(tokenizer.Append(alone), "été w1"));
    }

    [TestMethod]
    public void A_file_that_does_not_say_what_its_tokens_are_is_of_words()
    {
        byte[] zip = ModelZip.WithSealed(ModelZip.Save(BytePairModel.Bytes()), Settings, json =>
        {
            string text = Encoding.UTF8.GetString(json);
            Assert.Contains(",\n  \"tokenEncoding\": \"BytePairs\"", text);
            return Encoding.UTF8.GetBytes(text.Replace(",\n  \"tokenEncoding\": \"BytePairs\"", ""));
        });
        AssertCharacters(1 + 1 + 1 + 1, _ml.LanguageModeling.Score(ModelZip.Load(zip), ["é"]).Single());
        string words = Encoding.UTF8.GetString(ModelZip.Entry(ModelZip.Save(TinyModel.Untrained()), Settings));
        Assert.DoesNotContain("tokenEncoding", words);
    }

    [TestMethod]
    public void Tokens_that_are_no_byte_pairs_are_a_damaged_file()
    {
        var words = new TransformerFile("日");
        words.AssertDamaged(Settings, "\"unknownWord\"", "\"tokenEncoding\": \"BytePairs\", \"unknownWord\"", "'日'");
        words.AssertDamaged(Settings, "\"unknownWord\"", "\"tokenEncoding\": \"Syllables\", \"unknownWord\"", "'Settings.json'");
        words.AssertDamaged("Transform_000/Vocabulary.json", "\"日\"", "\"a\"", "'Vocabulary.json'", "'a'", "twice");
        words.AssertDamaged("Transform_001/Vocabulary.json", "\"日\"", "\"a\"", "'Vocabulary.json'", "'a'", "twice");
    }

    private static void AssertCharacters(int characters, TextScore score) =>
        Assert.AreEqual(-score.LogLikelihood / Math.Log(2) / characters, score.BitsPerCharacter, 1e-4);

    private double BitsPerCharacter(ITransformer model, string text) => _ml.LanguageModeling.Score(model, [text]).Single().BitsPerCharacter;

    /// <summary>A saved model of words, the last of which is given.</summary>
    private sealed class TransformerFile(string word)
    {
        private readonly byte[] _zip = ModelZip.Save(new Data.TransformerChain<ITransformer>(
            new VocabularyTokenizingTransformer("Tokens", "Text", Words(word)),
            new LanguageModelTransformer(new("Tokens", new(), Words(word), Shapes.Network()))));

        public void AssertDamaged(string entry, string old, string replacement, params string[] parts)
        {
            byte[] damaged = ModelZip.WithSealed(_zip, entry, json =>
            {
                string text = Encoding.UTF8.GetString(json);
                Assert.Contains(old, text);
                return Encoding.UTF8.GetBytes(text.Replace(old, replacement));
            });
            Errors.AssertThrows<FormatException>(() => ModelZip.Load(damaged), [.. parts, "damaged"]);
        }

        private static Vocabulary Words(string word) => new([.. TinyModel.Words[..^1], word], "<unk>", "<eos>");
    }
}
