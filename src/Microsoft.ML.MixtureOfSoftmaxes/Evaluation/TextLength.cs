using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Evaluation;

/// <summary>
/// The length of a corpus as models of different tokens can agree on it: words that white space separates, and bytes of UTF-8. The
/// end of a row counts as one word and, as a line feed would, one byte.
/// </summary>
internal readonly record struct TextLength(long Words, long Bytes)
{
    /// <summary>Reads the text column alone, so nothing is scored for it.</summary>
    public static TextLength Of(IDataView data, string textColumnName, Cancellation cancellation)
    {
        DataViewSchema.Column column = InputColumn.Text(data.Schema, textColumnName);
        long words = 0, bytes = 0;
        InputColumn.ReadText(data, column, Add, cancellation);
        return new(words, bytes);

        void Add(ReadOnlySpan<char> text)
        {
            bytes += Encoding.UTF8.GetByteCount(text) + 1;
            words++;
            foreach (ReadOnlySpan<char> _ in new WordSplitter(text))
            {
                words++;
            }
        }
    }
}
