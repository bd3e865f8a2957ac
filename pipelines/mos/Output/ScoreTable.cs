using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mos.Output;

/// <summary>Writes scored rows as tab-separated values under a header line.</summary>
internal static class ScoreTable
{
    /// <summary>
    /// Writes the named columns, in this order. Tabs and backslashes in texts are written as \t and \\; the values of a vector
    /// are separated by spaces.
    /// </summary>
    public static void Write(TextWriter writer, IDataView scored, IEnumerable<string> columnNames, CancellationToken cancellation)
    {
        DataViewSchema.Column[] columns = [.. columnNames.Select(name => scored.Schema[name])];
        writer.WriteLine(string.Join('\t', columns.Select(column => column.Name)));
        using DataViewRowCursor cursor = scored.GetRowCursor(columns);
        Func<string>[] cells = [.. columns.Select(column => Cell(cursor, column))];
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            writer.WriteLine(string.Join('\t', cells.Select(cell => cell())));
        }
    }

    private static Func<string> Cell(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => Scalar<ReadOnlyMemory<char>>(row, column, Format),
        VectorDataViewType { ItemType: TextDataViewType } => Vector<ReadOnlyMemory<char>>(row, column, Format),
        VectorDataViewType vector when vector.ItemType == NumberDataViewType.Int32 => Vector<int>(row, column, Format),
        VectorDataViewType => Vector<float>(row, column, Format),
        BooleanDataViewType => Scalar<bool>(row, column, value => value ? "true" : "false"),
        _ when column.Type == NumberDataViewType.Int32 => Scalar<int>(row, column, Format),
        _ => Scalar<float>(row, column, Format),
    };

    private static Func<string> Scalar<T>(DataViewRow row, DataViewSchema.Column column, Func<T, string> format)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return format(value);
        };
    }

    private static Func<string> Vector<T>(DataViewRow row, DataViewSchema.Column column, Func<T, string> format) =>
        Scalar<VBuffer<T>>(row, column, vector => string.Join(' ', vector.DenseValues().Select(format)));

    private static string Format(ReadOnlyMemory<char> text) => text.ToString().Replace(@"\", @"\\").Replace("\t", @"\t");

    private static string Format<T>(T number) where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
