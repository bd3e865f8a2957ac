using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>
/// Reads a token column as ids of a model's vocabulary. Where the column's key values are the vocabulary's words the key is the
/// id; where they differ, words are looked up, and those not found are unknown, as is a missing key.
/// </summary>
internal sealed class TokenReader
{
    private readonly DataViewSchema.Column _column;

    // Schemas are made of a model more often than rows are read with it, so this waits until there are rows.
    private readonly Lazy<int[]> _ids;

    public TokenReader(DataViewSchema.Column column, Vocabulary vocabulary)
    {
        _column = column;
        _ids = new(() => [vocabulary.UnknownIndex, .. IdsOf(column, vocabulary)]);
    }

    // Words that a model does not know are unknown. Pieces of words that it does not know are those of another tokenizer.
    private static int[] IdsOf(DataViewSchema.Column column, Vocabulary vocabulary)
    {
        string[] names = InputColumn.KeyValues(column);
        int[] ids = [.. names.Select(word => vocabulary.IndexOf(word))];
        int strange = Enumerable.Range(0, ids.Length).Count(i => ids[i] == vocabulary.UnknownIndex && names[i] != vocabulary.UnknownWord);
        TokenEncoding encoding = TokenAnnotations.Of(column).Encoding;
        return (encoding == TokenEncoding.Words && vocabulary.Encoding == TokenEncoding.Words) || strange == 0
            ? ids
            : throw new InvalidOperationException(
                $"{strange} of the {names.Length} tokens of column '{column.Name}' ({encoding}) are none of the model's ({vocabulary.Encoding}): " +
                "another tokenizer made them. Use the model with the tokenizer that it was trained with.");
    }

    /// <summary>The tokens of each row of the data, read through the column alone.</summary>
    public IEnumerable<int[]> Rows(IDataView data, Cancellation cancellation)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([_column]);
        Func<int[]> read = Open(cursor);
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfRequested();
            yield return read();
        }
    }

    /// <summary>A function that reads the tokens of the row that <paramref name="row"/> stands at.</summary>
    public Func<int[]> Open(DataViewRow row)
    {
        ValueGetter<VBuffer<uint>> getter = row.GetGetter<VBuffer<uint>>(_column);
        VBuffer<uint> keys = default;
        uint[] dense = [];
        int[] ids = _ids.Value;
        return () =>
        {
            getter(ref keys);
            if (dense.Length < keys.Length)
            {
                dense = new uint[Math.Max(keys.Length, 2 * dense.Length)];
            }

            keys.CopyTo(dense);
            int[] tokens = new int[keys.Length];
            for (int i = 0; i < tokens.Length; i++)
            {
                uint key = dense[i];
                tokens[i] = key < ids.Length
                    ? ids[key]
                    : throw new InvalidOperationException(
                        $"Column '{_column.Name}' has the key {key} at row {row.Position}, but only {ids.Length - 1} key values.");
            }

            return tokens;
        };
    }
}
