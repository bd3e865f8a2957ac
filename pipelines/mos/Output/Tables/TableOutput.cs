using System.IO.Compression;
using Mos.Input.Tables;

namespace Mos.Output.Tables;

/// <summary>Opens writers of tables.</summary>
internal static class TableOutput
{
    /// <summary>Writes a table to a file, in gzip where its name says so.</summary>
    public static void Write(TableFormat format, string path, Stream stream, Action<TableWriter> write)
    {
        if (format == TableFormat.Parquet)
        {
            using var table = new ParquetTableWriter(stream);
            write(table);
            table.End();
            return;
        }

        using GZipStream? zip = TableFormats.IsGzip(path) ? new(stream, CompressionLevel.Optimal, leaveOpen: true) : null;
        using var writer = new StreamWriter(zip ?? stream, leaveOpen: true);
        WriteText(format, writer, write);
    }

    /// <summary>Writes a table as text.</summary>
    public static void WriteText(TableFormat format, TextWriter writer, Action<TableWriter> write)
    {
        using TableWriter table = format switch
        {
            TableFormat.Csv => new CsvTableWriter(writer),
            TableFormat.Jsonl => new JsonLinesWriter(writer),
            _ => new TsvTableWriter(writer),
        };
        write(table);
        table.End();
    }
}
