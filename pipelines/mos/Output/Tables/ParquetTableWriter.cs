using Mos.Input.Tables;
using Parquet;
using Parquet.Schema;
using Parquet.Serialization;

namespace Mos.Output.Tables;

/// <summary>Writes Parquet: a row group whenever so many rows or so much text have come, which it holds until then.</summary>
internal sealed class ParquetTableWriter(Stream stream) : TableWriter
{
    private const int MaxRows = 1 << 16;
    private const long MaxLength = 1 << 26;

    private readonly List<(object?[] Values, string Place)> _rows = [];
    private long _length;
    private ParquetColumn[]? _columns;

    public override void Write(TableRow row)
    {
        object?[] values = Align(row);
        _rows.Add((values, row.Place));
        _length += values.Sum(value => value switch { string text => text.Length, Array vector => 8L * vector.Length, _ => 1 });
        if (_rows.Count == MaxRows || _length >= MaxLength)
        {
            WriteGroup();
        }
    }

    public override void End()
    {
        if (_rows.Count > 0 || _columns is null)
        {
            WriteGroup();
        }
    }

    private void WriteGroup()
    {
        bool isFirst = _columns is null;
        _columns ??= [.. Columns.Select((column, i) => ParquetColumn.Of(column, _rows.Select(row => row.Values[i])))];
        IDictionary<string, object?>[] group = [.. _rows.Select(ToRecord)];
        stream.Position = 0;
        ParquetSerializer.SerializeUntypedAsync(
            group, new ParquetSchema(_columns.Select(column => column.Field)), stream, new() { Append = !isFirst }).GetAwaiter().GetResult();
        _rows.Clear();
        _length = 0;
    }

    private Dictionary<string, object?> ToRecord((object?[] Values, string Place) row) =>
        _columns!.Zip(row.Values).Where(cell => cell.Second is not null).ToDictionary(
            cell => cell.First.Field.Name, object? (cell) => cell.First.Convert(cell.Second!, row.Place));
}
