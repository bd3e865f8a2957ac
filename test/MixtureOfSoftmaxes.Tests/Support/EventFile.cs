using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>
/// Reads the event files of a TensorBoard run by their format alone: records of a length, its checksum, an event in protocol buffers and its
/// checksum, each a CRC-32C that is rotated by 15 bits and shifted.
/// </summary>
internal static class EventFile
{
    /// <summary>The scalars of a folder, by tag, in the order in which they were written.</summary>
    public static Dictionary<string, (long Step, float Value)[]> ReadScalars(string folder)
    {
        string[] files = Directory.GetFiles(folder, "events.out.tfevents.*");
        Array.Sort(files, StringComparer.Ordinal);
        return files.SelectMany(ReadFile).GroupBy(scalar => scalar.Tag).ToDictionary(
            tag => tag.Key, tag => tag.Select(scalar => (scalar.Step, scalar.Value)).ToArray());
    }

    private static IEnumerable<(string Tag, long Step, float Value)> ReadFile(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        var scalars = new List<(string, long, float)>();
        int at = 0;
        for (int record = 0; at < file.Length; record++)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            CheckSum(file.AsSpan(at, 8), file.AsSpan(at + 8));
            ReadOnlySpan<byte> data = file.AsSpan(at + 12, length);
            CheckSum(data, file.AsSpan(at + 12 + length));
            at += 16 + length;
            var fields = Fields(data.ToArray());
            if (record == 0)
            {
                Assert.AreEqual("brain.Event:2", Encoding.UTF8.GetString((byte[])fields.Single(field => field.Number == 3).Value));
                continue;
            }

            double wallTime = BitConverter.UInt64BitsToDouble((ulong)fields.Single(field => field.Number == 1).Value);
            Assert.AreEqual(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), wallTime, 3600, "seconds since 1970");
            long step = fields.Where(field => field.Number == 2).Select(field => (long)(ulong)field.Value).SingleOrDefault();
            byte[] summary = (byte[])fields.Single(field => field.Number == 5).Value;
            foreach ((_, object value) in Fields(summary).Where(field => field.Number == 1))
            {
                var parts = Fields((byte[])value);
                scalars.Add((
                    Encoding.UTF8.GetString((byte[])parts.Single(part => part.Number == 1).Value),
                    step,
                    BitConverter.UInt32BitsToSingle((uint)parts.Single(part => part.Number == 2).Value)));
            }
        }

        Assert.AreEqual(file.Length, at, "the last record is whole");
        return scalars;
    }

    private static void CheckSum(ReadOnlySpan<byte> data, ReadOnlySpan<byte> expected)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        crc = ~crc;
        Assert.AreEqual(BinaryPrimitives.ReadUInt32LittleEndian(expected), BitOperations.RotateRight(crc, 15) + 0xa282ead8u);
    }

    /// <summary>Fields of a message: ulong of a variable or 64-bit integer, uint of 32 bits, bytes of anything with a length.</summary>
    private static List<(int Number, object Value)> Fields(byte[] message)
    {
        var fields = new List<(int, object)>();
        int at = 0;
        while (at < message.Length)
        {
            ulong key = Varint();
            object value = (key & 7) switch
            {
                0 => Varint(),
                1 => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8)),
                2 => Bytes((int)Varint()),
                5 => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)),
                _ => throw new InvalidDataException($"wire type {key & 7}"),
            };
            fields.Add(((int)(key >> 3), value));
        }

        return fields;

        byte[] Bytes(int count) => message[at..(at += count)];

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte part = message[at++];
                value |= (ulong)(part & 0x7f) << shift;
                if (part < 0x80)
                {
                    return value;
                }
            }
        }
    }
}
