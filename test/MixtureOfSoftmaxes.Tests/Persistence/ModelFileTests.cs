using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

[TestClass]
public sealed class ModelFileTests
{
    private static readonly Lazy<byte[]> s_zip = new(() => ModelZip.Save(TinyModel.Trained));

    private static readonly ScoringOptions s_scoring = new()
    {
        Context = ScoringContext.Document,
        DocumentColumnName = "Id",
        PerplexityColumnName = "P",
        TokenRanksColumnName = "Ranks",
        TopCount = 7,
        CountUnknownWords = false,
    };

    private readonly MLContext _ml = new();

    [TestMethod]
    public void A_loaded_model_is_of_our_types_and_scores_the_same_bit_for_bit()
    {
        ITransformer loaded = ModelZip.Load(s_zip.Value);
        ITransformer[] parts = [.. (IEnumerable<ITransformer>)loaded];
        Assert.IsInstanceOfType<VocabularyTokenizingTransformer>(parts[0]);
        Assert.IsInstanceOfType<LanguageModelTransformer>(parts[1]);
        string[] texts = [.. TinyModel.ValidationSentences.Take(50), "", "unheard of"];
        Assert.AreSequenceEqual(
            _ml.Score(TinyModel.Trained, texts).Select(row => row.LogLikelihood),
            _ml.Score(loaded, texts).Select(row => row.LogLikelihood));
    }

    [TestMethod]
    public void The_input_schema_words_head_and_scoring_come_back()
    {
        ITransformer model = TinyModel.Untrained(s_scoring);
        using var stream = new MemoryStream(ModelZip.Save(model));
        ITransformer loaded = _ml.Model.Load(stream, out DataViewSchema schema);
        LanguageModelTransformer found = _ml.LanguageModeling.GetLanguageModel(loaded);
        Assert.AreSequenceEqual(["Text"], schema.Select(column => column.Name));
        Assert.AreSequenceEqual(TinyModel.Words, found.Words);
        Assert.AreEqual(s_scoring, found.Scoring);
        Assert.AreEqual(_ml.LanguageModeling.GetLanguageModel(model).ParameterCount, found.ParameterCount);
    }

    [TestMethod]
    public void Settings_of_before_there_were_columns_by_token_load_with_the_defaults()
    {
        byte[] older = ModelZip.WithSealed(s_zip.Value, "Transform_001/Settings.json", json =>
        {
            JsonNode settings = JsonNode.Parse(json)!;
            JsonObject scoring = settings["scoring"]!.AsObject();
            string[] known = ["logLikelihoodColumnName", "tokenCountColumnName", "outOfVocabularyCountColumnName", "perplexityColumnName", "context"];
            string[] added = [.. scoring.Select(member => member.Key).Except(known)];
            Assert.HasCount(scoring.Count - known.Length, added);
            Array.ForEach(added, name => scoring.Remove(name));
            return Encoding.UTF8.GetBytes(settings.ToJsonString());
        });
        Assert.AreEqual(new ScoringOptions(), _ml.LanguageModeling.GetLanguageModel(ModelZip.Load(older)).Scoring);
    }

    [TestMethod]
    public void Words_of_any_script_come_back()
    {
        string[] words = ["<unk>", "<eos>", "naïve", "\"quoted\\\"", "日本", "👩\u200D🔬", "&<>'", "\u0000\u0007"];
        var saved = new VocabularyTokenizingTransformer("Tokens", "Text", new(words, "<unk>", "<eos>"));
        ITransformer loaded = ModelZip.Load(ModelZip.Save(saved));
        var tokenizer = (VocabularyTokenizingTransformer)(loaded is IEnumerable<ITransformer> chain ? chain.Single() : loaded);
        Assert.AreSequenceEqual(words, tokenizer.Words);
    }

    [TestMethod]
    public void Saving_a_loaded_model_gives_the_same_entries()
    {
        byte[] again = ModelZip.Save(ModelZip.Load(s_zip.Value));
        foreach (string entry in new[] { "Weights.safetensors", "Transform_001/Settings.json", "Transform_001/Vocabulary.json" })
        {
            Assert.AreSequenceEqual(ModelZip.Entry(s_zip.Value, entry), ModelZip.Entry(again, entry));
        }
    }

    [TestMethod]
    public void Weights_are_a_safetensors_entry_and_settings_are_readable_json()
    {
        byte[] weights = ModelZip.Entry(s_zip.Value, "Weights.safetensors");
        string header = Encoding.UTF8.GetString(weights, 8, (int)BinaryPrimitives.ReadInt64LittleEndian(weights));
        Assert.Contains("\"head.experts.prior.weight\":{\"dtype\":\"F32\",\"shape\":[2,32]", header);
        string settings = Encoding.UTF8.GetString(ModelZip.Entry(s_zip.Value, "Transform_001/Settings.json"));
        Assert.Contains("\"head\": \"MixtureOfSoftmaxes\"", settings);
        Assert.Contains("\"endOfSentence\": \"<eos>\"", settings);
    }

    [TestMethod]
    public void Weights_cut_short_are_named() =>
        AssertDamaged(ModelZip.WithSealed(s_zip.Value, "Weights.safetensors", weights => weights[..^5]), "'Weights.safetensors'", "damaged");

    [TestMethod]
    [DataRow("Weights.safetensors", "Weights.safetensors")]
    [DataRow("Transform_000/Settings.json", "Settings.json")]
    [DataRow("Transform_001/Settings.json", "Settings.json")]
    [DataRow("Transform_001/Vocabulary.json", "Vocabulary.json")]
    [DataRow("Transform_000/Checksums.json", "Checksums.json")]
    [DataRow("Transform_001/Checksums.json", "Checksums.json")]
    public void A_missing_entry_is_named_with_the_remedy(string entry, string name) =>
        AssertDamaged(ModelZip.With(s_zip.Value, entry, _ => null), $"'{name}'", "restore a copy");

    [TestMethod]
    [DataRow("no json", DisplayName = "no JSON")]
    [DataRow("{}", DisplayName = "members missing")]
    [DataRow("null", DisplayName = "null")]
    [DataRow("""{"tokensColumnName": 3}""", DisplayName = "of another type")]
    public void Settings_that_are_damaged_are_named(string content) => AssertDamaged(
        ModelZip.WithSealed(s_zip.Value, "Transform_001/Settings.json", _ => Encoding.UTF8.GetBytes(content)), "'Settings.json'");

    [TestMethod]
    public void A_setting_that_this_version_does_not_know_is_an_error_and_not_ignored() => AssertDamaged(
        ModelZip.WithSealed(s_zip.Value, "Transform_001/Settings.json", json => Replace(json, "{", """{"temperature": 2,""", once: true)),
        "'Settings.json'", "temperature");

    [TestMethod]
    public void A_vocabulary_that_does_not_fit_the_network_is_an_error() => AssertDamaged(
        ModelZip.WithSealed(s_zip.Value, "Transform_001/Vocabulary.json", json => Replace(json, "\"w1\",", "")), "vocabulary", "7", "8");

    [TestMethod]
    public void A_vocabulary_that_is_not_UTF8_is_an_error_and_not_another_word() => AssertDamaged(
        ModelZip.WithSealed(s_zip.Value, "Transform_001/Vocabulary.json", json =>
        {
            json[json.AsSpan().IndexOf("w1"u8)] = 0xff;
            return json;
        }),
        "'Vocabulary.json'", "damaged");

    [TestMethod]
    public void Weights_that_do_not_fit_the_network_are_an_error() => AssertDamaged(
        ModelZip.WithSealed(s_zip.Value, "Transform_001/Settings.json", json => Replace(json, "\"experts\": 2", "\"experts\": 3")),
        "'Weights.safetensors'");

    [TestMethod]
    [DataRow(0)]
    [DataRow(10)]
    [DataRow(1000)]
    [DataRow(-1)]
    [DataRow(-400)]
    public void A_truncated_file_is_one_clear_error(int length)
    {
        byte[] cut = s_zip.Value[..(length < 0 ? s_zip.Value.Length + length : length)];
        Exception error = Assert.Throws<Exception>(() => ModelZip.Load(cut));
        Assert.IsTrue(error is FormatException or InvalidDataException, $"{error.GetType()}: {error.Message}");
    }

    [TestMethod]
    public void A_file_that_is_no_zip_is_one_clear_error()
    {
        Exception error = Assert.Throws<Exception>(() => ModelZip.Load("This is not a model."u8.ToArray()));
        Assert.IsTrue(error is FormatException or InvalidDataException, $"{error.GetType()}: {error.Message}");
    }

    [TestMethod]
    public void A_missing_file_is_named() =>
        Errors.AssertThrows<FileNotFoundException>(() => _ml.Model.Load("no-such-model.zip", out _), "no-such-model.zip");

    private static void AssertDamaged(byte[] zip, params string[] parts) =>
        Errors.AssertThrows<FormatException>(() => ModelZip.Load(zip), parts);

    private static byte[] Replace(byte[] json, string old, string replacement, bool once = false)
    {
        string text = Encoding.UTF8.GetString(json);
        Assert.Contains(old, text);
        int index = text.IndexOf(old, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(
            once ? text[..index] + replacement + text[(index + old.Length)..] : text.Replace(old, replacement));
    }
}
