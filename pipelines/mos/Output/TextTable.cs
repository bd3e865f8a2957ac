namespace Mos.Output;

/// <summary>Columns of text aligned for reading: the first to the left, the others to the right.</summary>
internal static class TextTable
{
    /// <param name="corner">The header of the first column, which names the rows.</param>
    /// <param name="columns">The other columns.</param>
    /// <param name="rows">What the cells are about.</param>
    /// <param name="name">A row's name.</param>
    public static void Write<T>(
        TextWriter writer, string corner, IReadOnlyList<(string Header, Func<T, string> Cell)> columns, IReadOnlyList<T> rows, Func<T, string> name)
    {
        string[][] lines =
        [
            [corner, .. columns.Select(column => column.Header)],
            .. rows.Select(row => (string[])[name(row), .. columns.Select(column => column.Cell(row))]),
        ];
        int[] widths = [.. lines[0].Select((_, i) => lines.Max(line => line[i].Length))];
        foreach (string[] line in lines)
        {
            writer.WriteLine(string.Join("  ", line.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))));
        }
    }
}
