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
        TokenAnnotations tokens = TokenAnnotations.Of(column);
        if (tokens.UnknownToken is string unknown && unknown != unknownWord)
        {
            throw new ArgumentException(
                $"The tokenizer of column '{column.Name}' has the unknown token '{unknown}', but UnknownWord is '{unknownWord}': set it to " +
                $"'{unknown}', or unknown text would count as known.");
        }

        if (tokens.Encoding != TokenEncoding.Words && marks.Except(tokens.SpecialTokens).FirstOrDefault(words.Contains) is string taken)
        {
            throw new ArgumentException(
                $"The mark '{taken}' is the name of a token of column '{column.Name}' that texts have, so that text would be read as marks: " +
                "choose another, such as one in angle brackets.");
        }

        return new([.. words, .. marks.Except(words)], unknownWord, endOfSentence, tokens.Encoding);
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
