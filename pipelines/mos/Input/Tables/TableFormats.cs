namespace Mos.Input.Tables;

/// <summary>Tells formats by the names of files.</summary>
internal static class TableFormats
{
    private const string Gzip = ".gz";

    /// <summary>The format that a file's extension stands for, that of gzip left out; null where it stands for none.</summary>
    public static TableFormat? Of(string path) => Path.GetExtension(IsGzip(path) ? path[..^Gzip.Length] : path).ToLowerInvariant() switch
    {
        ".csv" => TableFormat.Csv,
        ".tsv" or ".tab" => TableFormat.Tsv,
        ".jsonl" or ".ndjson" => TableFormat.Jsonl,
        ".parquet" => TableFormat.Parquet,
        _ => null,
    };

    public static bool IsGzip(string path) => path.EndsWith(Gzip, StringComparison.OrdinalIgnoreCase);
}
