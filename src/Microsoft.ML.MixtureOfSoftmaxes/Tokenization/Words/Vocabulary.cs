using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>
/// Words and their positions, with an unknown word and an end-of-sentence mark among them; or pieces of words in their place.
/// </summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _index;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly int[] _characterCounts;

    /// <exception cref="ArgumentException">A word occurs twice or cannot be of its encoding, or a mark is not among the words.</exception>
    public Vocabulary(
        IReadOnlyList<string> words, string unknownWord, string endOfSentence, TokenEncoding encoding = TokenEncoding.Words)
    {
        Words = words;
        UnknownWord = unknownWord;
        EndOfSentence = endOfSentence;
        Encoding = encoding;
        _index = new(words.Count, StringComparer.Ordinal);
        for (int i = 0; i < words.Count; i++)
        {
            if (!_index.TryAdd(words[i], i))
            {
                throw new ArgumentException($"The word '{words[i]}' occurs twice in the vocabulary.");
            }
        }

        _lookup = _index.GetAlternateLookup<ReadOnlySpan<char>>();
        UnknownIndex = IndexOfMark(unknownWord, "unknown word");
        EndOfSentenceIndex = IndexOfMark(endOfSentence, "end-of-sentence mark");

        // UTF-8 marks all bytes of a character but its first.
        _characterCounts = [.. Enumerable.Range(0, words.Count).Select(i => BytesOf(i).Count(value => (value & 0xC0) != 0x80))];
    }

    public IReadOnlyList<string> Words { get; }

    public int Count => Words.Count;

    public string UnknownWord { get; }

    public int UnknownIndex { get; }

    public string EndOfSentence { get; }

    public int EndOfSentenceIndex { get; }

    public TokenEncoding Encoding { get; }

    /// <summary>Whether the bytes of a text's tokens put together are the text, so that no text is unknown.</summary>
    public bool IsOfBytes => Encoding is TokenEncoding.BytePairs or TokenEncoding.BytePairsOfFiles;

    /// <summary>The vocabulary whose words are an entry of a model.</summary>
    /// <exception cref="ModelFormatException">The entry is missing or damaged, or no vocabulary.</exception>
    public static Vocabulary Read(
        ComponentReader reader, string entry, string unknownWord, string endOfSentence, TokenEncoding encoding = TokenEncoding.Words) =>
        reader.ReadTexts(entry, words => new Vocabulary(words, unknownWord, endOfSentence, encoding));

    /// <summary>The text of a token in UTF-8, or those of its bytes that it stands for; a mark stands for itself.</summary>
    public byte[] BytesOf(int index) => TokenSpelling.BytesOf(Words[index], IsMark(index) ? TokenEncoding.Words : Encoding);

    /// <summary>The spaces before a token that are not its own, see <see cref="TokenSpelling.SpacesBefore"/>.</summary>
    public int SpacesBefore(int index, bool isFirst) => TokenSpelling.SpacesBefore(Words[index], Encoding, isFirst);

    /// <summary>The characters, Unicode code points, that begin in the text of a word.</summary>
    public int CharacterCount(int index) => _characterCounts[index];

    /// <summary>The position of a word, the unknown word's if it is not there.</summary>
    public int IndexOf(ReadOnlySpan<char> word) => _lookup.TryGetValue(word, out int index) ? index : UnknownIndex;

    /// <summary>Whether a byte-pair token ends after the first <paramref name="bytes"/> bytes of a piece of text.</summary>
    public bool TokenEndsAt(ReadOnlySpan<char> piece, int bytes) =>
        PieceMerges.TokenEndsAt(piece, bytes, name => IndexOf(name) is int index && index != UnknownIndex ? index : null);

    /// <summary>Appends the keys of a text's words, which are their positions + 1.</summary>
    public void Tokenize(ReadOnlySpan<char> text, List<uint> keys)
    {
        foreach (ReadOnlySpan<char> word in new WordSplitter(text))
        {
            keys.Add((uint)IndexOf(word) + 1);
        }
    }

    private bool IsMark(int index) => index == UnknownIndex || index == EndOfSentenceIndex;

    private int IndexOfMark(string mark, string role) => _index.TryGetValue(mark, out int index)
        ? index
        : throw new ArgumentException($"The {role} '{mark}' is not in the vocabulary.");
}
