namespace Mos.Output;

/// <summary>Writes tables of text with aligned columns: the first to the left, the others to the right.</summary>
internal static class TextTable
{
    /// <param name="writer">Takes the table.</param>
    /// <param name="corner">The header of the first column, which names the rows.</param>
    /// <param name="columns">The other columns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="name">The name of a row.</param>
    public static void Write<T>(
        TextWriter writer,
        string corner,
        IReadOnlyList<(string Header, Func<T, string> Cell)> columns,
        IReadOnlyList<T> rows,
        Func<T, string> name)
    {
        string[][] lines =
        [
            [corner, .. columns.Select(column => column.Header)],
            .. rows.Select(row => (string[])[name(row), .. columns.Select(column => column.Cell(row))]),
        ];
        int[] widths = [.. lines[0].Select((_, i) => lines.Max(line => line[i].Length))];
        foreach (string[] line in lines)
        {
            writer.WriteLine(string.Join("  ", line.Select(Pad)));
        }

        string Pad(string cell, int i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]);
    }
}
