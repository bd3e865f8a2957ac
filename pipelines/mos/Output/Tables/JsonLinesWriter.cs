using System.Text.Json;
using Mos.Input.Tables;

namespace Mos.Output.Tables;

/// <summary>Writes a JSON object a line, each with the columns of its own row.</summary>
internal sealed class JsonLinesWriter(TextWriter writer) : TableWriter
{
    public override void Write(TableRow row) => writer.WriteLine(
        $"{{{string.Join(',', row.Columns.Zip(row.Values, (column, value) => $"{Json(column.Name)}:{Json(value)}"))}}}");

    // What was read as JSON is written as it was: digits that no number has room for, and halves of surrogate pairs.
    private static string Json(object? value) => value is JsonElement element
        ? element.GetRawText()
        : JsonSerializer.Serialize(value, value?.GetType() ?? typeof(object), Cell.Json);
}
