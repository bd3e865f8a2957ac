using System.Runtime.InteropServices;

namespace Microsoft.ML;

/// <summary>
/// The encodings that components of the official format share. What reads them does not know the name of the entry: its context
/// adds that to the <see cref="InvalidDataException"/>.
/// </summary>
internal static class BinaryFormatExtensions
{
    public static void WriteBoolByte(this BinaryWriter writer, bool value) => writer.Write(value);

    public static bool ReadBoolByte(this BinaryReader reader) => reader.ReadByte() switch
    {
        0 => false,
        1 => true,
        byte other => throw new InvalidDataException($"the byte {other} stands where 0 or 1 must"),
    };

    /// <summary>The number of characters, then the characters in UTF-16.</summary>
    public static void WriteCharArray(this BinaryWriter writer, ReadOnlySpan<char> values)
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    public static char[] ReadCharArray(this BinaryReader reader) => reader.ReadUtf16(reader.ReadCount(sizeof(char))).ToCharArray();

    public static string ReadUtf16(this BinaryReader reader, int length) => string.Create(
        length, reader, static (chars, reader) => reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(chars)));

    /// <summary>A count of items that follow.</summary>
    public static int ReadCount(this BinaryReader reader, int bytesPerItem = 1)
    {
        int count = reader.ReadInt32();
        reader.CheckCount(count, bytesPerItem);
        return count;
    }

    /// <summary>Refuses a count that the rest of the stream cannot hold: making room for it would exhaust the memory.</summary>
    public static void CheckCount(this BinaryReader reader, int count, int bytesPerItem = 1)
    {
        if (count < 0 || count > (reader.BaseStream.Length - reader.BaseStream.Position) / bytesPerItem)
            throw new InvalidDataException($"a count of {count} stands where fewer items follow");
    }
}
