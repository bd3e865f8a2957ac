using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Evaluation;

/// <summary>
/// The length of a corpus as models of different tokens can agree on it: words that white space separates, and bytes of UTF-8. The
/// end of a row counts as one word and, as a line feed would, one byte.
/// </summary>
internal readonly record struct TextLength(long Words, long Bytes)
{
    /// <summary>Reads the text column alone, so nothing is scored for it.</summary>
    public static TextLength Of(IDataView data, string textColumnName, CancellationToken cancellation)
    {
        DataViewSchema.Column column = InputColumn.Text(data.Schema, textColumnName);
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        ValueGetter<ReadOnlyMemory<char>> getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        long words = 0, bytes = 0;
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            getter(ref text);
            bytes += Encoding.UTF8.GetByteCount(text.Span) + 1;
            words++;
            foreach (ReadOnlySpan<char> _ in new WordSplitter(text.Span))
            {
                words++;
            }
        }

        return new(words, bytes);
    }
}
