using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>
/// The number of vectors; their common length, or 0 and the length of each; for each the count of explicit values, -1 if dense;
/// the number of indices; the indices of the sparse ones; the values of all, as their own codec has it.
/// </summary>
internal sealed class VectorCodec<T>(VectorDataViewType type, ValueCodec<T> items)
    : ValueCodec<VBuffer<T>>(type, ValueCodecs.VectorName)
{
    public override ValueCodec OfVectors(VectorDataViewType type) =>
        throw new InvalidDataException("there are no vectors of vectors");

    public override void WriteParameters(BinaryWriter writer)
    {
        ValueCodecs.WriteDescription(writer, items);
        writer.Write(type.Dimensions.Length);
        foreach (int dimension in type.Dimensions)
            writer.Write(dimension);
    }

    public override void Write(BinaryWriter writer, ReadOnlySpan<VBuffer<T>> values)
    {
        var lengths = new List<int>();
        var counts = new List<int>();
        var indices = new List<int>();
        var contents = new List<T>();
        foreach (VBuffer<T> value in values)
        {
            if (type.Size != 0 && value.Length != type.Size)
                throw new InvalidOperationException($"Length mismatch: expected {type.Size} slots but got {value.Length}");
            lengths.Add(value.Length);
            counts.Add(value.IsDense ? -1 : value.GetValues().Length);
            indices.AddRange(value.GetIndices());
            contents.AddRange(value.GetValues());
        }

        int common = type.Size != 0 ? type.Size : lengths.Distinct().Count() == 1 ? lengths[0] : 0;
        writer.Write(values.Length);
        writer.Write(common);
        if (common == 0)
            WriteAll(lengths);
        WriteAll(counts);
        writer.Write(indices.Count);
        WriteAll(indices);
        items.Write(writer, contents.ToArray());

        void WriteAll(List<int> numbers) => numbers.ForEach(writer.Write);
    }

    public override VBuffer<T>[] Read(BinaryReader reader, int count)
    {
        if (reader.ReadInt32() != count)
            throw Corrupt();
        int common = reader.ReadInt32();
        if (common < 0 || (type.Size != 0 && common != type.Size))
            throw Corrupt();
        int[] lengths = common == 0 ? ReadAll(count) : [.. Enumerable.Repeat(common, count)];
        int[] counts = ReadAll(count);
        int[] indices = ReadAll(reader.ReadCount(sizeof(int)));
        T[] contents = items.Read(reader, lengths.Zip(counts, (length, explicitOnes) => Explicit(length, explicitOnes)).Sum());

        var values = new VBuffer<T>[count];
        for (int i = 0, value = 0, index = 0; i < count; i++)
        {
            int explicitOnes = Explicit(lengths[i], counts[i]);
            T[] own = contents[value..(value += explicitOnes)];
            if (counts[i] < 0)
            {
                values[i] = new VBuffer<T>(lengths[i], own);
                continue;
            }

            if (index + explicitOnes > indices.Length)
                throw Corrupt();
            int[] ownIndices = indices[index..(index += explicitOnes)];
            if (ownIndices.Where((at, j) => at <= (j == 0 ? -1 : ownIndices[j - 1]) || at >= lengths[i]).Any())
                throw Corrupt();
            values[i] = new VBuffer<T>(lengths[i], explicitOnes, own, ownIndices);
        }

        return values;

        int[] ReadAll(int number)
        {
            reader.CheckCount(number, sizeof(int));
            var numbers = new int[number];
            for (int i = 0; i < number; i++)
                numbers[i] = reader.ReadInt32();
            return numbers;
        }

        static int Explicit(int length, int count) => length >= 0 && count >= -1 && count <= length
            ? count < 0 ? length : count
            : throw Corrupt();

        static InvalidDataException Corrupt() => new("a block of vectors is corrupt");
    }

    protected override void Copy(in VBuffer<T> value, ref VBuffer<T> destination) => value.CopyTo(ref destination);
}
