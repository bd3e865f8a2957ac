using Google.Protobuf;
using Mos.Tests.Support;
using Onnx;

namespace Mos.Tests.Commands;

[TestClass]
public sealed class ExportCommandTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestInitialize]
    public void TrainModel() => _files.Train("mos.zip", "--seed", "1").Succeeded();

    [TestMethod]
    public void A_model_becomes_a_model_of_Onnx_with_its_license()
    {
        CommandRun.Of(
            "export", "--model", _files["mos.zip"], "--onnx", _files["mos.onnx"], "--next-words", "--license",
            _files.Write("license.txt", "Do as you like.")).Succeeded();
        ModelProto model = Read("mos.onnx");
        Assert.AreEqual(17, model.OpsetImport.Single().Version);
        Assert.Contains("next_log_probabilities", model.Graph.Output.Select(output => output.Name));
        Assert.AreEqual("Do as you like.\n", model.MetadataProps.Single(entry => entry.Key == "license").Value);
    }

    [TestMethod]
    public void Eight_bits_make_the_weights_bytes()
    {
        CommandRun.Of("export", "--model", _files["mos.zip"], "--onnx", _files["mos.onnx"], "--eight-bit").Succeeded();
        ModelProto model = Read("mos.onnx");
        TensorProto embedding = model.Graph.Initializer.Single(weights => weights.Name == "embedding");
        Assert.AreEqual((int)TensorProto.Types.DataType.Uint8, embedding.DataType);
        Assert.DoesNotContain("next_log_probabilities", model.Graph.Output.Select(output => output.Name));
    }

    [TestMethod]
    public void Without_a_target_there_is_nothing_to_write() =>
        CommandRun.Of("export", "--model", _files["mos.zip"]).FailedWith(2, "--onnx");

    [TestMethod]
    public void A_target_stays_whole_where_there_is_no_model()
    {
        _files.Write("mos.onnx", "an older one");
        CommandRun.Of("export", "--model", _files["no.zip"], "--onnx", _files["mos.onnx"]).FailedWith(1, "no.zip");
        Assert.AreEqual("an older one\n", File.ReadAllText(_files["mos.onnx"]));
    }

    public void Dispose() => _files.Dispose();

    private ModelProto Read(string name) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(_files[name]));
}
