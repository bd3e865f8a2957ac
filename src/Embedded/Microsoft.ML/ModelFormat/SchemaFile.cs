using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// A schema as a model keeps it: a file of the official binary data view format without rows. After the header come, for each
/// column with annotations, the values of these and a table of them; then the table of the columns; then the tail signature.
/// </summary>
internal static class SchemaFile
{
    /// <summary>For columns without rows the format demands any block size above 0.</summary>
    private const int RowsPerBlock = 1;

    private enum Compression : byte
    {
        None = 0,
        Deflate = 1,
    }

    public static void Write(IChannelProvider provider, Stream stream, DataViewSchema schema)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        default(Header).Write(writer);
        (DataViewSchema.Column Column, ValueCodec Codec)[] columns = [.. WithCodecs(provider, schema)];
        provider.Check(columns.Length > 0, "No valid columns to save");
        long[] annotations = [.. columns.Select(c => WriteAnnotations(provider, writer, c.Column.Annotations))];

        long tableOffset = stream.Position;
        long blocksOffset = Header.Size;
        foreach (((DataViewSchema.Column column, ValueCodec codec), long annotationsOffset) in columns.Zip(annotations))
        {
            writer.Write(column.Name);
            ValueCodecs.WriteDescription(writer, codec);
            writer.Write((byte)Compression.Deflate);
            writer.Write7BitEncodedInt(RowsPerBlock);
            writer.Write(blocksOffset);
            writer.Write(annotationsOffset);
        }

        long tailOffset = stream.Position;
        writer.Write(Header.TailSignatureValue);
        long end = stream.Position;
        stream.Position = 0;
        Header.New(tableOffset, tailOffset, columns.Length).Write(writer);
        stream.Position = end;
    }

    public static DataViewSchema Read(IChannelProvider provider, Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        Header header = Header.Read(reader);
        var builder = new DataViewSchema.Builder();
        stream.Position = header.TableOfContentsOffset;
        for (int i = 0; i < header.ColumnCount; i++)
        {
            string name = reader.ReadString();
            ValueCodec? codec = ValueCodecs.ReadDescriptionOrNull(reader);
            reader.ReadByte();
            reader.Read7BitEncodedInt();
            reader.ReadInt64();
            long annotationsOffset = reader.ReadInt64();
            if (codec is null)
            {
                Warn(provider, $"Column '{name}' of the saved schema has a type that is not known here, and is left out.");
                continue;
            }

            long next = stream.Position;
            builder.AddColumn(name, codec.Type, annotationsOffset == 0 ? null : ReadAnnotations(provider, reader, annotationsOffset));
            stream.Position = next;
        }

        return builder.ToSchema();
    }

    /// <summary>Writes values and table; returns the offset of the table, 0 if there are no annotations.</summary>
    private static long WriteAnnotations(IChannelProvider provider, BinaryWriter writer, DataViewSchema.Annotations annotations)
    {
        var table = new List<(string Name, ValueCodec Codec, Compression Compression, long Offset, int Length)>();
        foreach ((DataViewSchema.Column column, ValueCodec codec) in WithCodecs(provider, annotations.Schema))
        {
            using var plain = new MemoryStream();
            using (var plainWriter = new BinaryWriter(plain, Encoding.UTF8, leaveOpen: true))
                codec.WriteAnnotation(plainWriter, annotations, column);
            using var deflated = new MemoryStream();
            using (var deflate = new DeflateStream(deflated, CompressionMode.Compress, leaveOpen: true))
                plain.WriteTo(deflate);

            bool smaller = deflated.Length < plain.Length;
            MemoryStream block = smaller ? deflated : plain;
            Compression compression = smaller ? Compression.Deflate : Compression.None;
            table.Add((column.Name, codec, compression, writer.BaseStream.Position, (int)block.Length));
            block.WriteTo(writer.BaseStream);
        }

        if (table.Count == 0)
            return 0;
        long tableOffset = writer.BaseStream.Position;
        writer.Write7BitEncodedInt(table.Count);
        foreach ((string name, ValueCodec codec, Compression compression, long offset, int length) in table)
        {
            writer.Write(name);
            ValueCodecs.WriteDescription(writer, codec);
            writer.Write((byte)compression);
            writer.Write(offset);
            writer.Write7BitEncodedInt(length);
        }

        return tableOffset;
    }

    private static DataViewSchema.Annotations ReadAnnotations(IChannelProvider provider, BinaryReader reader, long tableOffset)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        Stream stream = reader.BaseStream;
        stream.Position = tableOffset;
        int count = reader.Read7BitEncodedInt();
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString();
            ValueCodec? codec = ValueCodecs.ReadDescriptionOrNull(reader);
            var compression = (Compression)reader.ReadByte();
            long offset = reader.ReadInt64();
            int length = reader.Read7BitEncodedInt();
            if (codec is null || !Enum.IsDefined(compression))
            {
                Warn(provider, $"Annotation '{name}' of the saved schema has a type that is not known here, and is left out.");
                continue;
            }

            long next = stream.Position;
            stream.Position = offset;
            reader.CheckCount(length);
            using var block = new MemoryStream();
            using (var bytes = new MemoryStream(reader.ReadBytes(length)))
            using (Stream plain = compression == Compression.None ? bytes : new DeflateStream(bytes, CompressionMode.Decompress))
                plain.CopyTo(block);
            block.Position = 0;
            using var blockReader = new BinaryReader(block);
            builder.Add(name, codec.Type, codec.ReadAnnotation(blockReader));
            stream.Position = next;
        }

        return builder.ToAnnotations();
    }

    private static IEnumerable<(DataViewSchema.Column Column, ValueCodec Codec)> WithCodecs(
        IChannelProvider provider, DataViewSchema schema)
    {
        foreach (DataViewSchema.Column column in schema)
        {
            if (ValueCodecs.ForTypeOrNull(column.Type) is { } codec)
                yield return (column, codec);
            else
                Warn(provider, $"'{column.Name}' is left out of the saved schema: {column.Type} has no binary form.");
        }
    }

    private static void Warn(IChannelProvider provider, string message)
    {
        using IChannel channel = provider.Start("Schema");
        channel.Warning(MessageSensitivity.Schema, message);
    }

    [StructLayout(LayoutKind.Sequential, Size = Size)]
    private struct Header
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

        public static Header New(long tableOffset, long tailOffset, int columnCount) => new()
        {
            Signature = SignatureValue,
            Version = CurrentVersion,
            CompatibleVersion = CurrentVersion,
            TableOfContentsOffset = tableOffset,
            TailOffset = tailOffset,
            ColumnCount = columnCount,
        };

        public static Header Read(BinaryReader reader)
        {
            Span<byte> bytes = stackalloc byte[Size];
            reader.BaseStream.ReadExactly(bytes);
            var header = MemoryMarshal.Read<Header>(bytes);
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

        public readonly void Write(BinaryWriter writer) => writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Header>(in this)));
    }
}
