using System.IO.Compression;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The annotations of one column in a schema file: a block for the value of each, then a table of the blocks.</summary>
internal static class SchemaAnnotations
{
    /// <summary>How the bytes of a block are stored.</summary>
    public enum Compression : byte
    {
        None = 0,
        Deflate = 1,
    }

    /// <summary>Writes values and table; returns the offset of the table, 0 if there are no annotations.</summary>
    public static long Write(IChannelProvider provider, BinaryWriter writer, DataViewSchema.Annotations annotations)
    {
        var table = new List<(string Name, ValueCodec Codec, Compression Compression, long Offset, int Length)>();
        foreach ((DataViewSchema.Column column, ValueCodec codec) in SchemaFile.WithCodecs(provider, annotations.Schema))
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

    public static DataViewSchema.Annotations Read(IChannelProvider provider, BinaryReader reader, long tableOffset)
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
                SchemaFile.Warn(
                    provider, $"Annotation '{name}' of the saved schema has a type that is not known here, and is left out.");
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
}
