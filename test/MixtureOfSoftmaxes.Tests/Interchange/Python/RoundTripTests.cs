using System.Text.Json.Nodes;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Interchange.StateDicts;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interchange.Python;

[TestClass]
public sealed class RoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();

    public static IEnumerable<object[]> Names => ExportSamples.Models.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void What_was_exported_comes_back_with_the_same_scores_bit_for_bit(string name)
    {
        ITransformer imported = _ml.LanguageModeling.ImportFromPython(Export(ExportSamples.Models[name]));
        Assert.AreSequenceEqual(Bits(ExportSamples.Models[name], name), Bits(imported, name));
    }

    [TestMethod]
    public void Columns_and_scoring_options_come_back()
    {
        ScoringOptions scoring = new() { PerplexityColumnName = "P", CountUnknownWords = false, Context = ScoringContext.Stream };
        ITransformer model = _ml.LanguageModeling.ChangeScoring(TinyModel.Trained, _ => scoring);
        ITransformer imported = _ml.LanguageModeling.ImportFromPython(Export(model));
        Assert.AreEqual(scoring, _ml.LanguageModeling.GetLanguageModel(imported).Scoring);
        Assert.AreSequenceEqual(
            ModelZip.Entry(ModelZip.Save(model), "Transform_000/Settings.json"),
            ModelZip.Entry(ModelZip.Save(imported), "Transform_000/Settings.json"));
    }

    [TestMethod]
    public void An_export_imported_and_exported_again_is_the_same_files()
    {
        string first = Export(TinyModel.Untrained()), second = _folder.PathOf("second");
        _ml.LanguageModeling.ExportToPython(_ml.LanguageModeling.ImportFromPython(first), second);
        foreach (string file in Directory.EnumerateFiles(first))
        {
            Assert.AreSequenceEqual(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(second, Path.GetFileName(file))), file);
        }
    }

    [TestMethod]
    public void What_does_not_fit_is_refused_by_name()
    {
        AssertRefused("config.json", json => json["embedding_size"] = 5, "model.safetensors", "'embedding'", "[13, 4]", "[13, 5]");
        AssertRefused("config.json", json => json["format_version"] = "9.0", "config.json", "format 9.0", "update the package");
        AssertRefused("config.json", json => json["layer_count"] = 99, "config.json", "LayerCount is 99");
        AssertRefused("config.json", json => json["model_type"] = "llama", "config.json", "\"model_type\"");
        AssertRefused("config.json", json => json["vocabulary_size"] = 12, "tokenizer.json", "13 tokens", "12");
        AssertRefused("config.json", json => json["vocabulary_size"] = 1 << 30, "tokenizer.json", "13 tokens");
        AssertRefused("config.json", json => json["embedding_size"] = 1 << 20, "model.safetensors", "too few for a network");
        AssertRefused("config.json", json => json["layer_count"] = 1, "model.safetensors", "'encoder.layer0.lstm.");
        AssertRefused("tokenizer.json", json => json["model"]!["vocab"]!["w1"] = 3, "tokenizer.json", "3");
        AssertRefused("tokenizer.json", json => json["model"]!["type"] = "Unigram", "tokenizer.json", "'Unigram'");
        AssertRefused("tokenizer.json", json => json.Remove("model"), "tokenizer.json");
    }

    [TestMethod]
    public void Weights_that_are_missing_beyond_cut_short_or_damaged_are_refused_by_name()
    {
        AssertWeightsRefused(file => StateDictFiles.WithHeader(file, header => header.Remove("decoder_bias")), "'decoder_bias' is not there");
        AssertWeightsRefused(
            file => StateDictFiles.WithHeader(file, header => header["more"] = header["decoder_bias"]!.DeepClone()), "'more' is not of a network");
        AssertWeightsRefused(file => file[..^4], "cut short");
        AssertWeightsRefused(file => [.. file[..^4], 0, 0, 0xc0, 0x7f], "no probabilities");
    }

    [TestMethod]
    public void A_folder_without_the_files_is_named() => Errors.AssertThrows<FileNotFoundException>(
        () => _ml.LanguageModeling.ImportFromPython(_folder.PathOf("none")), "'config.json'", "none");

    public void Dispose() => _folder.Dispose();

    private string Export(ITransformer model)
    {
        string folder = _folder.PathOf(Guid.NewGuid().ToString());
        _ml.LanguageModeling.ExportToPython(model, folder);
        return folder;
    }

    private uint[] Bits(ITransformer model, string name) =>
    [
        .. _ml.LanguageModeling.Score(model, ExportSamples.TextsOf(name))
            .SelectMany(text => text.Tokens.Select(token => BitConverter.SingleToUInt32Bits(token.LogLikelihood))),
    ];

    private void AssertRefused(string file, Action<JsonObject> change, params string[] parts)
    {
        string folder = Export(TinyModel.Untrained()), path = Path.Combine(folder, file);
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(json);
        File.WriteAllText(path, json.ToJsonString());
        Errors.AssertThrows<InvalidDataException>(() => _ml.LanguageModeling.ImportFromPython(folder), ["Cannot import", .. parts]);
    }

    private void AssertWeightsRefused(Func<byte[], byte[]> change, string part)
    {
        string folder = Export(TinyModel.Untrained()), path = Path.Combine(folder, "model.safetensors");
        File.WriteAllBytes(path, change(File.ReadAllBytes(path)));
        Errors.AssertThrows<InvalidDataException>(() => _ml.LanguageModeling.ImportFromPython(folder), path, part);
    }
}
