using Parquet.Schema;

namespace Mos.Input.Tables;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Field">Its type as Parquet has it; null where it shows in the values only.</param>
internal sealed record TableColumn(string Name, Field? Field = null);
