using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

/// <summary>
/// The published format: eight bytes with the length of the header, little endian; a JSON header of name to dtype, shape and
/// data_offsets, which count from the end of the header; the data, little endian, row by row, without gaps.
/// </summary>
[TestClass]
public sealed class SafetensorsTests
{
    [TestMethod]
    public void Every_byte_is_as_the_format_says()
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] file = Write(new() { ["b"] = Tensors.Singles([1, -2.5, 0, 3], 2, 2), ["a"] = Tensors.Ids([7, -1], 2) });
        int headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        Assert.AreEqual(0, (8 + headerLength) % 8, "the data is aligned");
        JsonElement header = JsonDocument.Parse(file.AsMemory(8, headerLength)).RootElement;
        Assert.AreEqual("I64", header.GetProperty("a").GetProperty("dtype").GetString());
        Assert.AreEqual("[2]", header.GetProperty("a").GetProperty("shape").GetRawText());
        Assert.AreEqual("[0,16]", header.GetProperty("a").GetProperty("data_offsets").GetRawText());
        Assert.AreEqual("F32", header.GetProperty("b").GetProperty("dtype").GetString());
        Assert.AreEqual("[2,2]", header.GetProperty("b").GetProperty("shape").GetRawText());
        Assert.AreEqual("[16,32]", header.GetProperty("b").GetProperty("data_offsets").GetRawText());
        Assert.AreSequenceEqual(
            ["__metadata__", "a", "b"], header.EnumerateObject().Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.IsTrue(header.GetProperty("__metadata__").EnumerateObject().All(entry => entry.Value.ValueKind == JsonValueKind.String));
        Assert.AreEqual(
            "0700000000000000" + "FFFFFFFFFFFFFFFF" + "0000803F" + "000020C0" + "00000000" + "00004040",
            Convert.ToHexString(file.AsSpan(8 + headerLength)));
    }

    [TestMethod]
    public void A_file_made_from_the_description_by_python_is_read()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> targets = new() { ["weights"] = zeros(2, 3), ["counts"] = zeros(2, ScalarType.Int64) };
        using FileStream file = File.OpenRead(Golden.PathOf("small.safetensors"));
        Safetensors.ReadInto(file, targets);
        Assert.AreSequenceEqual(
            [0x00000000u, 0xBFC00000u, 0x40100000u, 0x7F61B1E6u, 0x00000001u, 0x80000000u], Tensors.Bits(targets["weights"]));
        Assert.AreSequenceEqual([-1L, 1L << 40], targets["counts"].data<long>().ToArray());
    }

    [TestMethod]
    public void All_bit_patterns_come_back_as_they_were()
    {
        using DisposeScope scope = NewDisposeScope();
        uint[] bits = [0x7FC00001, 0xFFC12345, 0x7F800000, 0xFF800000, 0x80000000, 0x00000001, 0x7F7FFFFF];
        Tensor written = tensor((float[])[.. bits.Select(BitConverter.UInt32BitsToSingle)], [bits.Length]);
        Tensor read = zeros(bits.Length);
        Safetensors.ReadInto(new MemoryStream(Write(new() { ["x"] = written })), new Dictionary<string, Tensor> { ["x"] = read });
        Assert.AreSequenceEqual(bits, Tensors.Bits(read));
    }

    [TestMethod]
    public void Scalars_empty_tensors_views_and_every_type_come_back()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> written = new()
        {
            ["scalar"] = Tensors.Singles([4.5]).view([]),
            ["empty"] = zeros(0, 3),
            ["transposed"] = Tensors.Singles([1, 2, 3, 4, 5, 6], 2, 3).t(),
            ["f64"] = Tensors.Of([1.0 / 3], 1),
            ["bf16"] = Tensors.Singles([1.5, -2], 2).to(ScalarType.BFloat16),
            ["u8"] = Tensors.Ids([0, 255], 2).to(ScalarType.Byte),
        };
        Dictionary<string, Tensor> read = written.ToDictionary(w => w.Key, w => zeros(w.Value.shape, w.Value.dtype));
        Safetensors.ReadInto(new MemoryStream(Write(written)), read);
        foreach ((string name, Tensor expected) in written)
        {
            Assert.AreSequenceEqual(Tensors.Values(expected), Tensors.Values(read[name]));
        }
    }

    [TestMethod]
    public void A_file_cut_anywhere_is_an_error()
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] file = Write(new() { ["x"] = Tensors.Singles([1, 2, 3], 3) });
        for (int length = 0; length < file.Length; length++)
        {
            Exception error = Assert.Throws<Exception>(() => ReadX(file[..length]));
            Assert.IsTrue(error is EndOfStreamException or InvalidDataException, $"{length} bytes: {error.GetType()}");
        }
    }

    [TestMethod]
    [DataRow("""{"y":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "'x'", DisplayName = "another name")]
    [DataRow("""{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "'x'", DisplayName = "another shape")]
    [DataRow("""{"x":{"dtype":"F64","shape":[3],"data_offsets":[0,24]}}""", "'x'", DisplayName = "another type")]
    [DataRow("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "'x'", DisplayName = "offsets too near")]
    [DataRow("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[4,16]}}""", "'x'", DisplayName = "a gap")]
    [DataRow("""{"x":{"dtype":"F32","shape":[-3],"data_offsets":[0,-12]}}""", "'x'", DisplayName = "a negative shape")]
    [DataRow("""{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", "header", DisplayName = "overflow")]
    [DataRow("""{"x":{"dtype":"EVIL","shape":[3],"data_offsets":[0,12]}}""", "EVIL", DisplayName = "an unknown type")]
    [DataRow("""{"x":{"dtype":"F32","shape":[3]}}""", "header", DisplayName = "no offsets")]
    [DataRow("""{"x":{"dtype":"F32","shape":"3","data_offsets":[0,12]}}""", "header", DisplayName = "a shape that is no list")]
    [DataRow("""[1,2]""", "header", DisplayName = "no object")]
    [DataRow("""null""", "header", DisplayName = "null")]
    [DataRow("""{"x":""", "header", DisplayName = "no JSON")]
    public void A_header_that_does_not_fit_is_refused(string header, string part) =>
        Errors.AssertThrows<InvalidDataException>(() => ReadX(Bytes(header, 64)), part);

    [TestMethod]
    public void A_tensor_that_has_no_place_is_refused()
    {
        const string Header =
            """{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"more":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""";
        Errors.AssertThrows<InvalidDataException>(() => ReadX(Bytes(Header, 16)), "'more'");
    }

    [TestMethod]
    [DataRow(-1L)]
    [DataRow(0L)]
    [DataRow(long.MaxValue)]
    public void An_impossible_header_length_is_refused_without_reading_it(long length)
    {
        byte[] file = new byte[64];
        BinaryPrimitives.WriteInt64LittleEndian(file, length);
        Errors.AssertThrows<InvalidDataException>(() => ReadX(file), $"{length}");
    }

    private static byte[] Write(Dictionary<string, Tensor> tensors)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, tensors);
        return stream.ToArray();
    }

    private static byte[] Bytes(string header, int dataLength)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. new byte[dataLength]];
    }

    private static void ReadX(byte[] file)
    {
        using Tensor x = zeros(3);
        Safetensors.ReadInto(new MemoryStream(file), new Dictionary<string, Tensor> { ["x"] = x });
    }
}
