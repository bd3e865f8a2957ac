using TorchSharp.Modules;

namespace Embedded.TorchSharp.Tests.Modules;

/// <summary>The official package's stream format, byte by byte.</summary>
[TestClass]
public class StreamTests
{
    [TestMethod]
    public void A_module_is_its_tensors_one_after_the_other()
    {
        using var module = new Scaled(2);
        var stream = new MemoryStream();
        module.save(stream);
        byte[] expected = [1, 5, .. "scale"u8, 6, 1, 1, 0, 0, 0, 0x40];
        CollectionAssert.AreEqual(expected, stream.ToArray());
    }

    [TestMethod]
    public void What_is_saved_is_loaded()
    {
        var stream = new MemoryStream();
        using var source = new Scaled(2);
        source.save(stream);
        using var target = new Scaled(0);
        var loaded = new Dictionary<string, bool>();
        target.load(new MemoryStream(stream.ToArray()), loadedParameters: loaded);
        Assert.AreEqual(2f, target.get_parameter("scale")!.item<float>());
        Assert.IsTrue(loaded["scale"]);
    }

    [TestMethod]
    public void Lengths_above_127_take_more_than_one_byte()
    {
        var stream = new MemoryStream();
        zeros(300, int8).Save(stream);
        byte[] bytes = stream.ToArray();
        CollectionAssert.AreEqual(new byte[] { 1, 1, 0xAC, 0x02 }, bytes[..4]);
        Assert.HasCount(304, bytes);
    }

    [TestMethod]
    public void A_skipped_tensor_is_passed_over()
    {
        var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            arange(4).Save(writer);
            tensor(7L).Save(writer);
        }
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        Assert.AreEqual(0L, TensorExtensionMethods.Load(reader, skip: true).sum().item<long>());
        Assert.AreEqual(7L, TensorExtensionMethods.Load(reader).item<long>());
    }

    [TestMethod]
    public void A_stream_of_another_shape_is_refused()
    {
        var stream = new MemoryStream();
        zeros(3).Save(stream);
        using var reader = new BinaryReader(new MemoryStream(stream.ToArray()));
        var error = Assert.ThrowsExactly<ArgumentException>(() => zeros(2).Load(reader));
        Assert.AreEqual("The stream holds Float32 of shape [3], not [2], type = Float32, device = cpu.", error.Message);
    }

    [TestMethod]
    public void A_truncated_stream_is_an_exception()
    {
        var stream = new MemoryStream();
        zeros(3).Save(stream);
        using var reader = new BinaryReader(new MemoryStream(stream.ToArray()[..^1]));
        Assert.ThrowsExactly<EndOfStreamException>(() => TensorExtensionMethods.Load(reader));
    }

    [TestMethod]
    public void A_file_that_is_not_there_is_named()
    {
        using var module = new Scaled(1);
        var error = Assert.ThrowsExactly<FileNotFoundException>(() => module.load("nowhere.dat"));
        Assert.AreEqual("There is no file nowhere.dat.", error.Message);
    }

    private sealed class Scaled : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter scale;

        internal Scaled(float start)
            : base(nameof(Scaled))
        {
            scale = new Parameter(tensor(new[] { start }));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => input * scale;
    }
}
