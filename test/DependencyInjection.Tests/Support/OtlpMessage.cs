using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Tests.Support;

/// <summary>A protobuf message with its fields by number: enough to read OTLP without its schema.</summary>
internal sealed class OtlpMessage
{
    private readonly List<(int Field, byte[] Value)> _fields = [];

    public OtlpMessage(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int tag = (int)ReadVariable(ref bytes);
            int length = (tag & 7) switch
            {
                0 => 0,
                1 => sizeof(ulong),
                2 => (int)ReadVariable(ref bytes),
                5 => sizeof(uint),
                _ => throw new InvalidDataException($"Wire type {tag & 7}."),
            };
            if ((tag & 7) == 0)
            {
                ReadVariable(ref bytes); // Flags and kinds, which no test reads.
            }

            _fields.Add((tag >> 3, bytes[..length].ToArray()));
            bytes = bytes[length..];
        }
    }

    public IEnumerable<OtlpMessage> Messages(params int[] path) => path is [int field, .. int[] rest]
        ? Values(field).SelectMany(value => new OtlpMessage(value).Messages(rest))
        : [this];

    public string Text(int field) => string.Concat(Values(field).Select(Encoding.UTF8.GetString));

    public long? Integer(int field) =>
        Values(field).Select(value => (long?)BinaryPrimitives.ReadInt64LittleEndian(value)).SingleOrDefault();

    private IEnumerable<byte[]> Values(int field) => _fields.Where(f => f.Field == field).Select(f => f.Value);

    private static ulong ReadVariable(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
