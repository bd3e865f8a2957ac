using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>
/// The number of texts, the position of the end of each in characters, then all of them as one string in UTF-8.
/// </summary>
internal sealed class TextCodec() : ValueCodec<ReadOnlyMemory<char>>(TextDataViewType.Instance, "TextSpan")
{
    public override void Write(BinaryWriter writer, ReadOnlySpan<ReadOnlyMemory<char>> values)
    {
        writer.Write(values.Length);
        var all = new StringBuilder();
        foreach (ReadOnlyMemory<char> value in values)
            writer.Write(all.Append(value.Span).Length);
        writer.Write(all.ToString());
    }

    public override ReadOnlyMemory<char>[] Read(BinaryReader reader, int count)
    {
        if (reader.ReadInt32() != count)
            throw new InvalidDataException("a text block has another number of texts than announced");
        reader.CheckCount(count, sizeof(int));
        var ends = new int[count];
        for (int i = 0; i < count; i++)
            ends[i] = reader.ReadInt32();
        ReadOnlyMemory<char> all = reader.ReadString().AsMemory();
        var values = new ReadOnlyMemory<char>[count];
        for (int i = 0, start = 0; i < count; start = ends[i++])
        {
            if (ends[i] < start || ends[i] > all.Length)
                throw new InvalidDataException("the boundaries of a text block are corrupt");
            values[i] = all[start..ends[i]];
        }

        return values;
    }
}
