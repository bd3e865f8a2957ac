using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;

namespace Mos.Input.Tables;

/// <summary>Reads JSON lines: an object a line, whose members are the values of the row. Blank lines are no rows.</summary>
internal static class JsonLinesTable
{
    // Of two members of one name it would not be said which counts.
    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false };

    public static IEnumerable<TableRow> Read(TextSource source, string path)
    {
        IReadOnlyList<TableColumn> columns = [];
        foreach ((int index, string line) in TextLines.Read(source, path).Index())
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                string place = TableRow.PlaceOf(path, index + 1L);
                (string[] names, object?[] values) = Parse(line, place);
                if (!columns.Select(column => column.Name).SequenceEqual(names))
                {
                    columns = [.. names.Select(name => new TableColumn(name))];
                }

                yield return new(columns, values, place);
            }
        }
    }

    /// <exception cref="InvalidDataException">It is no JSON object.</exception>
    private static (string[] Names, object?[] Values) Parse(string line, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(line, s_options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidDataException($$"""{{place}} is no JSON object; each line must be one, such as {"text": "the cat sat"}.""");
            }

            JsonProperty[] members = [.. document.RootElement.EnumerateObject()];
            return (Array.ConvertAll(members, member => member.Name), Array.ConvertAll(members, member => Value(member.Value)));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{place} is not JSON: {e.Message.Split(" LineNumber:")[0]} (byte {e.BytePositionInLine + 1}).", e);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"{place} has half of a surrogate pair in a text, which is no character.", e);
        }
    }

    private static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => element.Clone(),
    };
}
