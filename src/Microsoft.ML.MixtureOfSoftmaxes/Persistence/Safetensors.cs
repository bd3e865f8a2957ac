using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// Named tensors in the safetensors format: eight bytes with the header's length, a JSON header of names, types, shapes and
/// offsets, then the values, little endian. Any safetensors reader opens it; nothing in it is code.
/// </summary>
internal static class Safetensors
{
    private const int Alignment = 8;
    private const long LongestHeader = 100_000_000;

    private static readonly (ScalarType Type, string Name, int Size)[] s_types =
    [
        (ScalarType.Float32, "F32", 4), (ScalarType.Float64, "F64", 8), (ScalarType.BFloat16, "BF16", 2),
        (ScalarType.Float16, "F16", 2), (ScalarType.Int64, "I64", 8), (ScalarType.Byte, "U8", 1),
    ];

    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var ordered = tensors.OrderBy(t => t.Key, StringComparer.Ordinal).ToArray();
        var header = new JsonObject { ["__metadata__"] = new JsonObject { ["format"] = "pt" } };
        long offset = 0;
        foreach ((string name, Tensor tensor) in ordered)
        {
            (_, string type, int size) = TypeOf(tensor.dtype);
            long end = offset + (tensor.numel() * size);
            header[name] = new JsonObject
            {
                ["dtype"] = type,
                ["shape"] = new JsonArray([.. tensor.shape.Select(d => (JsonNode)d)]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            offset = end;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        int padding = (Alignment - (json.Length % Alignment)) % Alignment;
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length + padding);
        stream.Write(length);
        stream.Write(json);
        stream.Write("       "u8[..padding]);
        foreach ((_, Tensor tensor) in ordered)
        {
            using DisposeScope scope = NewDisposeScope();
            stream.Write(tensor.detach().cpu().contiguous().bytes);
        }
    }

    /// <summary>How many bytes the values take, after the header. The stream goes back to its start.</summary>
    /// <exception cref="InvalidDataException">There is no header.</exception>
    public static long LengthOfValues(Stream stream)
    {
        long headerLength = ReadHeaderLength(stream);
        long length = stream.Length - stream.Position - headerLength;
        stream.Position = 0;
        return length;
    }

    /// <summary>Reads the values into tensors that are there already, contiguous, on any device.</summary>
    /// <exception cref="InvalidDataException">The header is not valid, or its names, types and shapes are not the targets'.</exception>
    /// <exception cref="EndOfStreamException">The values end too early.</exception>
    public static void ReadInto(Stream stream, IReadOnlyDictionary<string, Tensor> targets)
    {
        IReadOnlyList<Entry> entries = ReadHeader(stream);
        if (targets.Keys.Except(entries.Select(e => e.Name)).FirstOrDefault() is string absent)
        {
            throw new InvalidDataException($"Tensor '{absent}' is not there.");
        }

        long offset = 0;
        foreach (Entry entry in entries.OrderBy(e => e.Begin))
        {
            if (entry.Begin != offset)
            {
                throw new InvalidDataException($"Tensor '{entry.Name}' begins at {entry.Begin}, not at {offset}.");
            }

            if (!targets.TryGetValue(entry.Name, out Tensor? target)
                || target.dtype != entry.Type || !target.shape.AsSpan().SequenceEqual(entry.Shape))
            {
                throw new InvalidDataException(
                    $"Tensor '{entry.Name}' of type {entry.Type} and shape [{string.Join(", ", entry.Shape)}] has no place in this model.");
            }

            using DisposeScope scope = NewDisposeScope();
            Tensor values = target.detach();
            Tensor onCpu = values.cpu();
            stream.ReadExactly(onCpu.bytes);
            if (values.device_type != DeviceType.CPU)
            {
                values.copy_(onCpu);
            }

            offset = entry.End;
        }
    }

    /// <summary>What a file holds; the stream is then at the first value.</summary>
    /// <exception cref="InvalidDataException">The header is not valid.</exception>
    public static IReadOnlyList<Entry> ReadHeader(Stream stream)
    {
        byte[] json = new byte[ReadHeaderLength(stream)];
        stream.ReadExactly(json);
        return Parse(json);
    }

    private static long ReadHeaderLength(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        stream.ReadExactly(bytes);
        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return length > 0 && length <= Math.Min(LongestHeader, stream.Length - stream.Position)
            ? length
            : throw new InvalidDataException($"The safetensors header claims {length} bytes.");
    }

    /// <summary>A tensor, and where its values are, from the end of the header.</summary>
    public sealed record Entry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

    private static List<Entry> Parse(byte[] json)
    {
        var entries = new List<Entry>();
        try
        {
            foreach ((string name, JsonNode? node) in JsonNode.Parse(json)!.AsObject())
            {
                if (name == "__metadata__")
                {
                    continue;
                }

                string typeName = node!["dtype"]!.GetValue<string>();
                (ScalarType type, _, int size) = s_types.FirstOrDefault(t => t.Name == typeName);
                long[] shape = [.. node["shape"]!.AsArray().Select(d => d!.GetValue<long>())];
                long[] offsets = [.. node["data_offsets"]!.AsArray().Select(d => d!.GetValue<long>())];
                long bytes = checked(shape.Aggregate(1L, (product, d) => d < 0 ? -1 : checked(product * d)) * size);
                if (size == 0 || offsets.Length != 2 || bytes < 0 || offsets[1] - offsets[0] != bytes)
                {
                    throw new InvalidDataException($"Tensor '{name}': type {typeName}, shape [{string.Join(", ", shape)}] " +
                        $"and offsets [{string.Join(", ", offsets)}] do not fit together.");
                }

                entries.Add(new(name, type, shape, offsets[0], offsets[1]));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or OverflowException)
        {
            throw new InvalidDataException("The safetensors header is not valid JSON of the expected form.", e);
        }

        return entries;
    }

    private static (ScalarType Type, string Name, int Size) TypeOf(ScalarType type)
    {
        int index = Array.FindIndex(s_types, t => t.Type == type);
        return index >= 0 ? s_types[index] : throw new NotSupportedException($"Tensors of type {type} are not saved.");
    }
}
