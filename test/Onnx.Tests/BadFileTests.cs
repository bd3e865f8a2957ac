using global::Onnx;
using Google.Protobuf;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx.Tests;

/// <summary>What cannot be exported or loaded says why.</summary>
[TestClass]
public sealed class BadFileTests : IDisposable
{
    private readonly MLContext _ml = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public BadFileTests()
    {
        _path = _folder.PathOf("model.onnx");
        _ml.LanguageModeling.ExportToOnnx(TinyModel.Untrained(), _path);
    }

    [TestMethod]
    public void A_file_that_is_not_there() =>
        Assert.Contains(
            "no.onnx", Assert.ThrowsExactly<FileNotFoundException>(() => _ml.LanguageModeling.LoadOnnx(_folder.PathOf("no.onnx"))).Message);

    [TestMethod]
    public void A_file_that_is_none_of_Onnx()
    {
        File.WriteAllText(_path, "This is no model.");
        Refused("model.onnx");
    }

    [TestMethod]
    public void An_opset_that_the_runtime_does_not_know() => Refused("999", model => model.OpsetImport[0].Version = 999);

    [TestMethod]
    public void An_operator_that_the_runtime_does_not_have() => Refused(
        "LSTM3", model => model.Graph.Node.First(node => node.OpType == "LSTM").OpType = "LSTM3");

    [TestMethod]
    public void A_model_of_another_kind() => Refused("ApplyOnnxModel", model => model.MetadataProps.Clear());

    [TestMethod]
    public void A_newer_format() => Refused("format 2", model => Entry(model, "format_version").Value = "2");

    [TestMethod]
    public void A_vocabulary_of_another_model() => Refused(
        "14 words, its network 13", model => Entry(model, "vocabulary").Value = Entry(model, "vocabulary").Value.Replace("\"k\"", "\"k\", \"l\""));

    [TestMethod]
    public void Settings_out_of_their_range() => Refused(
        "TopCount", model => Entry(model, "settings").Value = Entry(model, "settings").Value.Replace("\"topCount\": 5", "\"topCount\": 0"));

    [TestMethod]
    public void Weights_that_are_no_numbers() => Refused("no probabilities", model =>
    {
        TensorProto embedding = model.Graph.Initializer.First(weights => weights.Name == "embedding");
        embedding.RawData = ByteString.CopyFrom(Enumerable.Repeat((byte)0xFF, embedding.RawData.Length).ToArray());
    });

    [TestMethod]
    public void A_target_stays_whole_where_the_export_fails()
    {
        File.WriteAllText(_path, "an older one");
        Assert.ThrowsExactly<ArgumentException>(() => _ml.LanguageModeling.ExportToOnnx(TinyModel.Adapted, _path));
        Assert.AreEqual("an older one", File.ReadAllText(_path));
        Assert.AreSequenceEqual(["model.onnx"], _folder.FileNames);
    }

    public void Dispose() => _folder.Dispose();

    private static StringStringEntryProto Entry(ModelProto model, string key) => model.MetadataProps.First(entry => entry.Key == key);

    private void Refused(string reason, Action<ModelProto> damage)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(_path));
        damage(model);
        File.WriteAllBytes(_path, model.ToByteArray());
        Refused(reason);
    }

    private void Refused(string reason) =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => _ml.LanguageModeling.LoadOnnx(_path)).Message, reason);
}
