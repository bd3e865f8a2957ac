using Mos.Input.Tables;

namespace Mos.Output.Tables;

/// <summary>Writes tab-separated values under a header line, with tabs and ends of lines in texts as <see cref="TsvText"/> has them.</summary>
internal sealed class TsvTableWriter(TextWriter writer) : TableWriter
{
    public override void Begin(IReadOnlyList<TableColumn> columns)
    {
        base.Begin(columns);
        WriteLine(columns.Select(column => column.Name));
    }

    public override void Write(TableRow row) => WriteLine(Align(row).Select(Cell.Text));

    private void WriteLine(IEnumerable<string> fields) => writer.WriteLine(string.Join('\t', fields.Select(TsvText.Write)));
}
