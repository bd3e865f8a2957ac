using System.Runtime.InteropServices;

namespace Microsoft.ML;

/// <summary>The first 256 bytes of a binary data view, little-endian.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct SchemaFileHeader
{
    public const int Size = 256;

    /// <summary>The signature backwards.</summary>
    public const ulong TailSignatureValue = 0x434D4C0044564200;

    /// <summary>"CML\0DVB\0".</summary>
    private const ulong SignatureValue = 0x00425644004C4D43;
    private const ulong CurrentVersion = 0x0001000100010006;

    public ulong Signature;
    public ulong Version;
    public ulong CompatibleVersion;
    public long TableOfContentsOffset;
    public long TailOffset;
    public long RowCount;
    public int ColumnCount;

    public static SchemaFileHeader New(long tableOffset, long tailOffset, int columnCount) => new()
    {
        Signature = SignatureValue,
        Version = CurrentVersion,
        CompatibleVersion = CurrentVersion,
        TableOfContentsOffset = tableOffset,
        TailOffset = tailOffset,
        ColumnCount = columnCount,
    };

    public static SchemaFileHeader Read(BinaryReader reader)
    {
        Span<byte> bytes = stackalloc byte[Size];
        reader.BaseStream.ReadExactly(bytes);
        var header = MemoryMarshal.Read<SchemaFileHeader>(bytes);
        ModelHeader.Demand(header.Signature == SignatureValue, "it does not begin with the signature of a data view");
        ModelHeader.Demand(
            header.CompatibleVersion <= CurrentVersion,
            $"it has version {header.CompatibleVersion:X16}, newer than {CurrentVersion:X16}, the newest this library reads: load " +
            "the model with a newer version of the library");
        long length = reader.BaseStream.Length;
        ModelHeader.Demand(
            header.ColumnCount >= 0 && header.TableOfContentsOffset >= Size && header.TailOffset >= header.TableOfContentsOffset
                && header.TailOffset <= length - sizeof(ulong),
            "its header is corrupt or its end is missing");
        reader.BaseStream.Position = header.TailOffset;
        ModelHeader.Demand(reader.ReadUInt64() == TailSignatureValue, "its tail is corrupt");
        return header;
    }

    public readonly void Write(BinaryWriter writer) =>
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<SchemaFileHeader>(in this)));
}
