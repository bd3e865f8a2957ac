namespace Mos.Input.Tables;

/// <summary>A row of a table.</summary>
/// <param name="Columns">Its columns: the same list as those of the row before it, if they are the same.</param>
/// <param name="Values">
/// A value for each column: null, text, a Boolean, a number, a time, bytes, a vector, or a <see cref="System.Text.Json.JsonElement"/> for
/// whatever else JSON has.
/// </param>
/// <param name="Place">The file and the place in it, for messages.</param>
internal sealed record TableRow(IReadOnlyList<TableColumn> Columns, IReadOnlyList<object?> Values, string Place)
{
    /// <summary>The text in a column; that of a missing value is empty.</summary>
    /// <exception cref="InvalidDataException">There is no such column, or something else in it.</exception>
    public string Text(string column) => Values[Find(column)] switch
    {
        string text => text,
        null => "",
        var other => throw new InvalidDataException($"{Place} has {Cell.Text(other)} in column '{column}', which is no text."),
    };

    /// <summary>Where a column stands.</summary>
    /// <exception cref="InvalidDataException">There is no such column.</exception>
    public int Find(string column)
    {
        int index = Columns.TakeWhile(other => other.Name != column).Count();
        return index < Columns.Count
            ? index
            : throw new InvalidDataException(
                $"{Place} has no column '{column}'; it has {string.Join(", ", Columns.Select(other => $"'{other.Name}'"))}.");
    }

    /// <summary>The place of a line in a file, for messages.</summary>
    public static string PlaceOf(string path, long line) => $"'{path}', line {line},";
}
