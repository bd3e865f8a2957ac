using System.Text.Json;
using Mos.Input.Tables;
using Parquet.Schema;

namespace Mos.Output.Tables;

/// <summary>A column of Parquet, and how values get into it.</summary>
/// <param name="type">Its name and type.</param>
/// <param name="convert">From a value that is there to one of the type; null for one that does not fit.</param>
internal sealed class ParquetColumn(Field type, Func<object, object?> convert)
{
    public Field Field => type;

    /// <summary>
    /// The column as its file had it, or else of the type that holds all its first values: Booleans, whole numbers, numbers, or else text.
    /// </summary>
    public static ParquetColumn Of(TableColumn column, IEnumerable<object?> values)
    {
        if (column.Field is not null)
        {
            return new(column.Field, Native);
        }

        object[] present = [.. values.OfType<object>()];
        return present.Length == 0 ? Text()
            : present.All(value => value is bool) ? new(new DataField<bool?>(column.Name), value => value as bool?)
            : present.All(value => Whole(value) is not null) ? new(new DataField<long?>(column.Name), value => Whole(value))
            : present.All(value => Number(value) is not null) ? new(new DataField<double?>(column.Name), value => Number(value))
            : Text();

        ParquetColumn Text() => new(new DataField<string>(column.Name), Cell.Text);
    }

    /// <exception cref="InvalidDataException">The value does not fit.</exception>
    public object Convert(object value, string place) => convert(value) ?? throw new InvalidDataException(
        $"{place} has {Cell.Text(value)} in column '{type.Name}', whose first values make it a column of other values, and one of Parquet has one " +
        "type; JSON lines (--format jsonl) do not mind.");

    private static object Native(object value) => value is string[] texts
        ? Array.ConvertAll(texts, text => (ReadOnlyMemory<char>?)text.AsMemory())
        : value is byte[] bytes ? (ReadOnlyMemory<byte>)bytes : value;

    private static object? Whole(object value) =>
        value is JsonElement { ValueKind: JsonValueKind.Number } element && element.TryGetInt64(out long whole) ? whole : null;

    private static object? Number(object value) => value is JsonElement { ValueKind: JsonValueKind.Number } element ? element.GetDouble() : null;
}
