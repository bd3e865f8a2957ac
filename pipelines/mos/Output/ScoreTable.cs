using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Mos.Output;

/// <summary>Scored rows as tab-separated values, the text last.</summary>
internal static class ScoreTable
{
    /// <param name="textColumnName">A text column; its tabs and backslashes are written \t and \\.</param>
    public static void Write(
        TextWriter writer, IDataView scored, ScoringOptions columns, string textColumnName, CancellationToken cancellation)
    {
        DataViewSchema.Column logLikelihood = scored.Schema[columns.LogLikelihoodColumnName];
        DataViewSchema.Column tokenCount = scored.Schema[columns.TokenCountColumnName];
        DataViewSchema.Column unknownCount = scored.Schema[columns.OutOfVocabularyCountColumnName];
        DataViewSchema.Column perplexity = scored.Schema[columns.PerplexityColumnName];
        DataViewSchema.Column text = scored.Schema[textColumnName];
        DataViewSchema.Column[] all = [logLikelihood, tokenCount, unknownCount, perplexity, text];
        writer.WriteLine(string.Join('\t', all.Select(c => c.Name)));

        using DataViewRowCursor cursor = scored.GetRowCursor(all);
        Func<string>[] cells =
        [
            Cell<float>(cursor, logLikelihood), Cell<int>(cursor, tokenCount), Cell<int>(cursor, unknownCount),
            Cell<float>(cursor, perplexity), TextCell(cursor, text),
        ];
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            writer.WriteLine(string.Join('\t', cells.Select(cell => cell())));
        }
    }

    private static Func<string> Cell<T>(DataViewRow row, DataViewSchema.Column column)
        where T : IFormattable
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return value.ToString(null, CultureInfo.InvariantCulture);
        };
    }

    private static Func<string> TextCell(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getter(ref text);
            return text.ToString().Replace(@"\", @"\\").Replace("\t", @"\t");
        };
    }
}
