using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The binary form of the values of one column type: of any number of them together.</summary>
internal abstract class ValueCodec(DataViewType type, string name)
{
    public DataViewType Type => type;

    /// <summary>The name of the codec in files.</summary>
    public string Name => name;

    /// <summary>Writes what of the type the name leaves open.</summary>
    public virtual void WriteParameters(BinaryWriter writer)
    {
    }

    public abstract ValueCodec OfVectors(VectorDataViewType type);

    public virtual ValueCodec OfKeys(KeyDataViewType type) =>
        throw new InvalidDataException($"there are no keys of type {Type}");

    public abstract void WriteAnnotation(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column);

    /// <summary>Reads one value, and makes a getter of it.</summary>
    public abstract Delegate ReadAnnotation(BinaryReader reader);
}

internal abstract class ValueCodec<T>(DataViewType type, string name) : ValueCodec(type, name)
{
    public abstract void Write(BinaryWriter writer, ReadOnlySpan<T> values);

    public abstract T[] Read(BinaryReader reader, int count);

    public override ValueCodec OfVectors(VectorDataViewType type) => new VectorCodec<T>(type, this);

    public override void WriteAnnotation(
        BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        T value = default!;
        annotations.GetGetter<T>(column)(ref value);
        Write(writer, new ReadOnlySpan<T>(in value));
    }

    public override Delegate ReadAnnotation(BinaryReader reader)
    {
        T value = Read(reader, 1)[0];
        return (ValueGetter<T>)((ref T destination) => Copy(value, ref destination));
    }

    protected virtual void Copy(in T value, ref T destination) => destination = value;
}
