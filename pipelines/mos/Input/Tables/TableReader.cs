using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;

namespace Mos.Input.Tables;

/// <summary>Reads the rows of files in any of the formats.</summary>
internal static class TableReader
{
    private static readonly TableColumn[] s_text = [new(nameof(TextLine.Text))];

    /// <summary>The rows of a file, read lazily; lines of text are a table whose one column is <c>Text</c>.</summary>
    /// <exception cref="InvalidDataException">While it is read: it is not in this format; the message names the place.</exception>
    public static IEnumerable<TableRow> Read(TableFormat format, TextSource source, string path) => format switch
    {
        TableFormat.Csv => CsvTable.Read(source, path),
        TableFormat.Tsv => TsvTable.Read(source, path),
        TableFormat.Jsonl => JsonLinesTable.Read(source, path),
        TableFormat.Parquet => ParquetTable.Read(path),
        _ => TextLines.Read(source, path).Select((line, i) => new TableRow(s_text, [line], TableRow.PlaceOf(path, i + 1L))),
    };
}
