using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Evaluation;

/// <summary>
/// The length of what counts of a corpus, as models of different tokens can agree on it: words that white space separates, and bytes of
/// UTF-8. The end of a row, if it counts, is one word and, as a line feed would be, one byte. Of a row whose unknown words are left out
/// there remain its other words, with a space between two of them.
/// </summary>
/// <param name="countsEndOfSentence">Whether the ends of rows count.</param>
/// <param name="countedWords">The words that count; null for all.</param>
internal sealed class TextLength(bool countsEndOfSentence, IEnumerable<string>? countedWords)
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _counted =
        countedWords?.ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private long _words;
    private long _bytes;
    private bool _isKnown = true;

    /// <summary>Null where the tokens that were summed are not the words of the text, so that it is not known which of these count.</summary>
    public long? Words => _isKnown ? _words : null;

    /// <summary>Null where <see cref="Words"/> is.</summary>
    public long? Bytes => _isKnown ? _bytes : null;

    /// <param name="text">A row.</param>
    /// <param name="tokens">How many of its tokens were summed.</param>
    public void Add(ReadOnlySpan<char> text, int tokens)
    {
        int words = 0, letters = 0, end = countsEndOfSentence ? 1 : 0;
        foreach (ReadOnlySpan<char> word in new WordSplitter(text))
        {
            if (_counted?.Contains(word) != false)
            {
                words++;
                letters += Encoding.UTF8.GetByteCount(word);
            }
        }

        _words += words + end;
        _bytes += (_counted is null ? Encoding.UTF8.GetByteCount(text) : letters + Math.Max(0, words - 1)) + end;
        _isKnown &= _counted is null || words + end == tokens;
    }
}
