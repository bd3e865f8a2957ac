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

    public static void Write(IChannelProvider provider, Stream stream, DataViewSchema schema)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        default(SchemaFileHeader).Write(writer);
        (DataViewSchema.Column Column, ValueCodec Codec)[] columns = [.. WithCodecs(provider, schema)];
        provider.Check(columns.Length > 0, "No valid columns to save");
        long[] annotations = [.. columns.Select(c => SchemaAnnotations.Write(provider, writer, c.Column.Annotations))];

        long tableOffset = stream.Position;
        long blocksOffset = SchemaFileHeader.Size;
        foreach (((DataViewSchema.Column column, ValueCodec codec), long annotationsOffset) in columns.Zip(annotations))
        {
            writer.Write(column.Name);
            ValueCodecs.WriteDescription(writer, codec);
            writer.Write((byte)SchemaAnnotations.Compression.Deflate);
            writer.Write7BitEncodedInt(RowsPerBlock);
            writer.Write(blocksOffset);
            writer.Write(annotationsOffset);
        }

        long tailOffset = stream.Position;
        writer.Write(SchemaFileHeader.TailSignatureValue);
        long end = stream.Position;
        stream.Position = 0;
        SchemaFileHeader.New(tableOffset, tailOffset, columns.Length).Write(writer);
        stream.Position = end;
    }

    public static DataViewSchema Read(IChannelProvider provider, Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        SchemaFileHeader header = SchemaFileHeader.Read(reader);
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
            DataViewSchema.Annotations? annotations =
                annotationsOffset == 0 ? null : SchemaAnnotations.Read(provider, reader, annotationsOffset);
            builder.AddColumn(name, codec.Type, annotations);
            stream.Position = next;
        }

        return builder.ToSchema();
    }

    /// <summary>The columns that have a binary form; those that have none are warned of.</summary>
    public static IEnumerable<(DataViewSchema.Column Column, ValueCodec Codec)> WithCodecs(
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

    public static void Warn(IChannelProvider provider, string message)
    {
        using IChannel channel = provider.Start("Schema");
        channel.Warning(MessageSensitivity.Schema, message);
    }
}
