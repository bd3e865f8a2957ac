using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;

namespace Mos.Input.Tables;

/// <summary>
/// Reads CSV by RFC 4180. ML.NET's own loader would not do: without a word it leaves out lines that begin with <c>//</c>, fills up short rows
/// and cuts long ones, and reads bytes that are not UTF-8 as other characters.
/// </summary>
internal static class CsvTable
{
    /// <summary>Characters of the longest field: one whose quotation mark is not closed would otherwise be all the rest.</summary>
    private const int MaxFieldLength = 1 << 26;

    public static IEnumerable<TableRow> Read(TextSource source, string path) => DelimitedRows.Of(path, ReadRecords(source, path));

    private static IEnumerable<(long Line, string[] Fields)> ReadRecords(TextSource source, string path)
    {
        using StreamReader reader = Utf8Text.Open(source, path);
        bool isBad = false;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = ",",
            IgnoreBlankLines = false,
            MaxFieldSize = MaxFieldLength,

            // A mark within a field that does not begin with one is a character, as everywhere.
            BadDataFound = found => isBad |= found.Field.StartsWith('"'),
        };
        using var parser = new CsvParser(reader, configuration);
        for (long line = 1; Utf8Text.Read(path, () => Next(path, line, parser)) is string[] fields; line = parser.RawRow + 1)
        {
            yield return isBad
                ? throw new InvalidDataException(
                    $"{TableRow.PlaceOf(path, line)} has a field that begins with a quotation mark and does not end at the next: it is not " +
                    "closed, or has one in it that is not doubled.")
                : (line, fields);
        }
    }

    private static string[]? Next(string path, long line, CsvParser parser)
    {
        try
        {
            return parser.Read() ? parser.Record : null;
        }
        catch (MaxFieldSizeException e)
        {
            throw new InvalidDataException(
                $"{TableRow.PlaceOf(path, line)} has a field of more than {MaxFieldLength:N0} characters; its quotation mark may not be closed.", e);
        }
    }
}
