using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Mos.Input.Tables;

namespace Mos.Output.Tables;

/// <summary>Writes CSV by RFC 4180, but with the ends of lines that the writer has.</summary>
internal sealed class CsvTableWriter(TextWriter writer) : TableWriter
{
    private readonly CsvWriter _csv = new(
        writer, new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = ",", NewLine = writer.NewLine }, leaveOpen: true);

    public override void Begin(IReadOnlyList<TableColumn> columns)
    {
        base.Begin(columns);
        WriteLine(columns.Select(column => column.Name));
    }

    public override void Write(TableRow row) => WriteLine(Align(row).Select(Cell.Text));

    public override void Dispose()
    {
        _csv.Dispose();
        base.Dispose();
    }

    private void WriteLine(IEnumerable<string> fields)
    {
        foreach (string field in fields)
        {
            _csv.WriteField(field);
        }

        _csv.NextRecord();
    }
}
