using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The codecs by type and by name. A codec is described by its name, the size of its parameters, and these.</summary>
internal static class ValueCodecs
{
    public const string VectorName = "VBuffer";
    public const string KeyName = "Key2";

    private static readonly ValueCodec[] Primitives =
    [
        new BlittableCodec<sbyte>(NumberDataViewType.SByte), new BlittableCodec<byte>(NumberDataViewType.Byte),
        new BlittableCodec<short>(NumberDataViewType.Int16), new BlittableCodec<ushort>(NumberDataViewType.UInt16),
        new BlittableCodec<int>(NumberDataViewType.Int32), new BlittableCodec<uint>(NumberDataViewType.UInt32),
        new BlittableCodec<long>(NumberDataViewType.Int64), new BlittableCodec<ulong>(NumberDataViewType.UInt64),
        new BlittableCodec<float>(NumberDataViewType.Single), new BlittableCodec<double>(NumberDataViewType.Double),
        new BlittableCodec<TimeSpan>(TimeSpanDataViewType.Instance), new BlittableCodec<DataViewRowId>(RowIdDataViewType.Instance),
        new TextCodec(), new BooleanCodec(), new DateTimeCodec(), new DateTimeOffsetCodec(),
    ];

    /// <summary>The codec of a type; null for types that have no binary form.</summary>
    public static ValueCodec? ForTypeOrNull(DataViewType type) => type switch
    {
        VectorDataViewType vector => ForTypeOrNull(vector.ItemType)?.OfVectors(vector),
        KeyDataViewType key => Primitives.First(c => c.Type.RawType == key.RawType).OfKeys(key),
        _ => Primitives.FirstOrDefault(c => c.Type.Equals(type)),
    };

    public static void WriteDescription(BinaryWriter writer, ValueCodec codec)
    {
        using var parameters = new MemoryStream();
        using (var parameterWriter = new BinaryWriter(parameters))
            codec.WriteParameters(parameterWriter);
        byte[] bytes = parameters.ToArray();
        writer.Write(codec.Name);
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    /// <summary>The described codec, or null for one that is not known here, whose description is then skipped.</summary>
    public static ValueCodec? ReadDescriptionOrNull(BinaryReader reader)
    {
        string name = reader.ReadString();
        int length = reader.Read7BitEncodedInt();
        long end = reader.BaseStream.Position + length;
        ValueCodec? codec = name switch
        {
            VectorName => ReadVector(reader),
            KeyName => ReadKey(reader),
            _ => Primitives.FirstOrDefault(c => c.Name == name),
        };
        if (codec is not null && reader.BaseStream.Position != end)
            throw new InvalidDataException($"the description of the type '{name}' is corrupt");
        reader.BaseStream.Position = end;
        return codec;
    }

    private static ValueCodec? ReadVector(BinaryReader reader)
    {
        ValueCodec? items = ReadDescriptionOrNull(reader);
        if (items is null)
            return null;
        var dimensions = new int[reader.ReadCount(sizeof(int))];
        for (int i = 0; i < dimensions.Length; i++)
            dimensions[i] = reader.ReadInt32();
        if (items.Type is not PrimitiveDataViewType itemType || dimensions.Any(d => d < 0))
            throw new InvalidDataException("the description of a vector type is corrupt");

        // Older files have no dimensions where the size is unknown.
        return items.OfVectors(dimensions.Length == 0 ? new(itemType) : new(itemType, dimensions));
    }

    private static ValueCodec? ReadKey(BinaryReader reader)
    {
        ValueCodec? numbers = ReadDescriptionOrNull(reader);
        ulong count = numbers is null ? 0 : reader.ReadUInt64();
        if (numbers is null)
            return null;
        if (count == 0 || !KeyDataViewType.IsValidDataType(numbers.Type.RawType))
            throw new InvalidDataException("the description of a key type is corrupt");
        return numbers.OfKeys(new KeyDataViewType(numbers.Type.RawType, count));
    }
}
