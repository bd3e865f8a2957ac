using System.Globalization;

namespace Benchmarks.Reports;

/// <summary>Writes the figures as a Markdown table, with ratios to the baseline and to the softmax.</summary>
internal static class ResultTable
{
    private static readonly (string Header, Func<Results, Measurement, string> Cell)[] s_columns =
    [
        ("sizes", (_, m) => m.Setting),
        ("part", (_, m) => Names.Of(m.Part)),
        ("formulation", (_, m) => Names.Of(m.Formulation)),
        ("precision", (_, m) => Names.Of(m.Precision)),
        ("seconds", (_, m) => Text(m.Seconds, "F3")),
        ("tokens/s", (_, m) => Text(m.TokensPerSecond, "N0")),
        ("extra MB", (_, m) => Text(m.ExtraBytes / 1e6, "N0")),
        ("of the limit", (all, m) => Text(all.OfLimit(m.Setting, m.Part, m.Case), "P0")),
        ("times faster than plain", (all, m) => Text(all.Speedup(m.Setting, m.Part, m.Case), "F2")),
        ("times less memory than plain", (all, m) => Text(all.Saving(m.Setting, m.Part, m.Case), "F1")),
        ("times the softmax's time", (all, m) => Text(all.OverSoftmax(m.Setting, m.Part, m.Case), "F2")),
    ];

    public static void Write(TextWriter writer, Results results)
    {
        string[] headers = [.. s_columns.Select(column => column.Header)];
        string[][] rows = [.. results.Measurements.Select(m => s_columns.Select(column => column.Cell(results, m)).ToArray())];
        int[] widths = [.. headers.Select((header, i) => rows.Select(row => row[i].Length).Append(header.Length).Max())];
        WriteRow(headers);
        WriteRow([.. widths.Select((width, i) => IsText(i) ? new string('-', width) : new string('-', width - 1) + ":")]);
        Array.ForEach(rows, WriteRow);

        void WriteRow(string[] cells) => writer.WriteLine($"| {string.Join(" | ", cells.Select(Pad))} |");

        string Pad(string cell, int i) => IsText(i) ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]);
    }

    private static bool IsText(int column) => column < 4;

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
