using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Evaluation;

/// <summary>
/// Measures what counts of a corpus, as models of different tokens can agree on it. The end of a row, if it counts, is one word and, as a
/// line feed would be, one byte and one character. Of a row whose unknown words are left out there remain its other words, with a space
/// between two of them.
/// </summary>
/// <param name="countsEndOfSentence">Whether the ends of rows count.</param>
/// <param name="countedWords">The words that count; null for all.</param>
internal sealed class TextMeter(bool countsEndOfSentence, IEnumerable<string>? countedWords)
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? _counted =
        countedWords?.ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>1 where the end of a row counts.</summary>
    public int End => countsEndOfSentence ? 1 : 0;

    /// <summary>False where the tokens that were summed are not the words of the text, so that it is not known which of these count.</summary>
    public bool IsKnown { get; private set; } = true;

    /// <param name="text">A row.</param>
    /// <param name="tokens">How many of its tokens were summed.</param>
    public TextLength Measure(ReadOnlySpan<char> text, long tokens)
    {
        TextLength words = default;
        foreach (ReadOnlySpan<char> word in new WordSplitter(text))
        {
            if (_counted?.Contains(word) != false)
            {
                words += LengthOf(word) with { Words = 1 };
            }
        }

        IsKnown &= _counted is null || words.Words + End == tokens;
        int spaces = (int)Math.Max(0, words.Words - 1);
        TextLength length = _counted is null ? LengthOf(text) with { Words = words.Words } : words + new TextLength(0, spaces, spaces);
        return length + new TextLength(End, End, End);
    }

    private static TextLength LengthOf(ReadOnlySpan<char> text)
    {
        int characters = 0;
        foreach (Rune _ in text.EnumerateRunes())
        {
            characters++;
        }

        return new(0, Encoding.UTF8.GetByteCount(text), characters);
    }
}
