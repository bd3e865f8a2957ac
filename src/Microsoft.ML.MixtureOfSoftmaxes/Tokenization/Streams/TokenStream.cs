using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>Turns a token column into one stream of ids, each row followed by the end-of-sentence mark.</summary>
internal static class TokenStream
{
    /// <summary>The vocabulary of a token column: its key values, and the marks that are not among them.</summary>
    public static Vocabulary VocabularyOf(DataViewSchema.Column column, string unknownWord, string endOfSentence)
    {
        string[] marks = [unknownWord, endOfSentence];
        string[] words = [.. InputColumn.KeyValues(column).Distinct(StringComparer.Ordinal)];
        TokenEncoding encoding = TokenEncodingAnnotation.Of(column);
        if (encoding == TokenEncoding.BytePairs && marks.FirstOrDefault(words.Contains) is string taken)
        {
            throw new ArgumentException(
                $"The mark '{taken}' is the name of a byte-pair token of column '{column.Name}', so that text would be read as marks: choose " +
                "another, such as one in angle brackets.");
        }

        return new([.. words, .. marks.Except(words)], unknownWord, endOfSentence, encoding);
    }

    /// <summary>The whole stream in memory.</summary>
    /// <exception cref="InvalidOperationException">The data has no row with a word in it.</exception>
    public static int[] Read(IDataView data, string columnName, Vocabulary vocabulary, string role, Cancellation cancellation)
    {
        var stream = new List<int>();
        new TokenRows(data, columnName, null, vocabulary, role).Read(row => stream.AddRange(row), cancellation);
        return [.. stream];
    }

    /// <summary>The same, with its shards.</summary>
    /// <inheritdoc cref="Read"/>
    public static TokenText ReadText(TokenRows rows, Cancellation cancellation)
    {
        var stream = new List<int>();
        rows.Read(row => stream.AddRange(row), cancellation);
        return new(new TokensInMemory([.. stream]), rows.Shards, rows.Unknown);
    }
}
