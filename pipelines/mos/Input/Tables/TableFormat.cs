namespace Mos.Input.Tables;

/// <summary>How rows are written in a file.</summary>
internal enum TableFormat
{
    /// <summary>A row a line, which is its text and all of it.</summary>
    Text,

    /// <summary>Fields with commas between them under a header line, in quotation marks where need be.</summary>
    Csv,

    /// <summary>Fields with tabs between them under a header line, escaped as by <see cref="TsvText"/>.</summary>
    Tsv,

    /// <summary>A JSON object a line.</summary>
    Jsonl,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}
