namespace Microsoft.ML.Data;

/// <summary>The correspondence of column types, .NET types and data kinds, and short questions to a type.</summary>
internal static class ColumnTypeExtensions
{
    private static readonly PrimitiveDataViewType[] TypeOfKind =
    [
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double, TextDataViewType.Instance, BooleanDataViewType.Instance,
        TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance,
    ];

    private static readonly Dictionary<Type, PrimitiveDataViewType> TypeOfRawType =
        TypeOfKind.Append(RowIdDataViewType.Instance).ToDictionary(type => type.RawType);

    public static DataViewType GetItemType(this DataViewType columnType) =>
        (columnType as VectorDataViewType)?.ItemType ?? columnType;

    /// <summary>The size of a vector; 0 for a vector of unknown size and for anything else.</summary>
    public static int GetVectorSize(this DataViewType columnType) => (columnType as VectorDataViewType)?.Size ?? 0;

    /// <summary>The number of values in a row: 1 for a scalar, 0 where rows differ in it.</summary>
    public static int GetValueCount(this DataViewType columnType) => (columnType as VectorDataViewType)?.Size ?? 1;

    /// <summary>The number of values of a key type; 0 for any other.</summary>
    public static ulong GetKeyCount(this DataViewType columnType) => (columnType as KeyDataViewType)?.Count ?? 0;

    public static PrimitiveDataViewType PrimitiveTypeFromKind(DataKind kind) =>
        kind is >= DataKind.SByte and <= DataKind.DateTimeOffset
            ? TypeOfKind[(int)kind - 1]
            : throw new ArgumentOutOfRangeException(nameof(kind), $"{kind} is not a data kind.");

    public static PrimitiveDataViewType PrimitiveTypeFromType(Type type) =>
        PrimitiveTypeFromTypeOrNull(type) ?? throw new ArgumentOutOfRangeException(nameof(type), $"No column type holds {type}.");

    /// <summary>The column type of a .NET type: of strings text, of types no column holds null.</summary>
    public static PrimitiveDataViewType? PrimitiveTypeFromTypeOrNull(Type type) =>
        TypeOfRawType.GetValueOrDefault(type == typeof(string) ? typeof(ReadOnlyMemory<char>) : type);

    /// <summary>The kind whose values have this raw type; false for row identifiers and types no column holds.</summary>
    public static bool TryGetDataKind(this Type rawType, out DataKind kind)
    {
        int index = Array.FindIndex(TypeOfKind, type => type.RawType == rawType);
        kind = (DataKind)(index + 1);
        return index >= 0;
    }
}
