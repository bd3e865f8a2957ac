namespace Mos.Input.Tables;

/// <summary>Rows of fields under a header.</summary>
internal static class DelimitedRows
{
    /// <summary>Rows of records, the first of which is the header. An empty line is no row where there are several columns.</summary>
    /// <exception cref="InvalidDataException">A record has more or fewer fields than the header, or this one has a name twice.</exception>
    public static IEnumerable<TableRow> Of(string path, IEnumerable<(long Line, string[] Fields)> records)
    {
        TableColumn[]? columns = null;
        foreach ((long line, string[] fields) in records)
        {
            string place = TableRow.PlaceOf(path, line);
            if (columns is null)
            {
                columns = Header(fields, place);
            }
            else if (fields.Length == columns.Length)
            {
                yield return new(columns, fields, place);
            }
            else if (fields is not [""])
            {
                throw new InvalidDataException(
                    $"{place} has {Count(fields.Length)}, and the header {columns.Length}: a field with a separator in it must say so.");
            }
        }
    }

    private static TableColumn[] Header(string[] names, string place)
    {
        HashSet<string> seen = [];
        return names.FirstOrDefault(name => !seen.Add(name)) is string twice
            ? throw new InvalidDataException($"{place} is the header and names column '{twice}' twice.")
            : [.. names.Select(name => new TableColumn(name))];
    }

    private static string Count(int fields) => fields == 1 ? "1 field" : $"{fields} fields";
}
