namespace TorchSharp;

/// <summary>
/// The official package's own format: element type, number of dimensions and length of each as LEB128 (7-bit encoded integers),
/// then the elements, little-endian, in row-major order.
/// </summary>
public static partial class TensorExtensionMethods
{
    public static void Save(this torch.Tensor tensor, BinaryWriter writer)
    {
        writer.Write7BitEncodedInt64((long)tensor.dtype);
        writer.Write7BitEncodedInt64(tensor.ndim);
        foreach (long length in tensor.shape) writer.Write7BitEncodedInt64(length);
        tensor.WriteBytesToStream(writer.BaseStream);
    }

    /// <summary>Writes the tensor, and closes the stream.</summary>
    public static void Save(this torch.Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
    }

    public static void Save(this torch.Tensor tensor, string location) => tensor.Save(File.Create(location));

    /// <summary>Reads the elements into a tensor of the same type and shape.</summary>
    public static void Load(this torch.Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHead(reader);
        if (type != tensor.dtype || (!skip && !shape.SequenceEqual(tensor.shape)))
            throw new ArgumentException($"The stream holds {type} of shape [{string.Join('x', shape)}], not {tensor}.");
        if (skip) Skip(reader, type, shape);
        else tensor.ReadBytesFromStream(reader.BaseStream);
    }

    /// <summary>Reads a new tensor; with <paramref name="skip"/> its elements are passed over, and it holds zeros.</summary>
    public static torch.Tensor Load(BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHead(reader);
        var tensor = torch.zeros(shape, type, torch.CPU);
        if (skip) Skip(reader, type, shape);
        else tensor.ReadBytesFromStream(reader.BaseStream);
        return tensor;
    }

    private static (torch.ScalarType Type, long[] Shape) ReadHead(BinaryReader reader)
    {
        var type = (torch.ScalarType)reader.Read7BitEncodedInt64();
        var shape = new long[reader.Read7BitEncodedInt64()];
        for (int d = 0; d < shape.Length; d++) shape[d] = reader.Read7BitEncodedInt64();
        return (type, shape);
    }

    private static void Skip(BinaryReader reader, torch.ScalarType type, long[] shape) =>
        reader.BaseStream.Seek(shape.TotalSize() * type.ElementSize(), SeekOrigin.Current);
}
