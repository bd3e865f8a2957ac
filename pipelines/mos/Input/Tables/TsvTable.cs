using Microsoft.ML.MixtureOfSoftmaxes.Columns;

namespace Mos.Input.Tables;

/// <summary>Reads TSV as <c>mos score</c> writes it: a quotation mark is a character, and tabs and ends of lines in fields are escaped.</summary>
internal static class TsvTable
{
    public static IEnumerable<TableRow> Read(TextSource source, string path) => DelimitedRows.Of(
        path, TextLines.Read(source, path).Select((line, i) => (i + 1L, Array.ConvertAll(line.Split('\t'), TsvText.Read))));
}
