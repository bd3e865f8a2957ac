namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>Words and their positions, with an unknown word and an end-of-sentence mark among them.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _index;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <exception cref="ArgumentException">A word occurs twice, or a mark is not among the words.</exception>
    public Vocabulary(IReadOnlyList<string> words, string unknownWord, string endOfSentence)
    {
        Words = words;
        UnknownWord = unknownWord;
        EndOfSentence = endOfSentence;
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
    }

    public IReadOnlyList<string> Words { get; }

    public int Count => Words.Count;

    public string UnknownWord { get; }

    public int UnknownIndex { get; }

    public string EndOfSentence { get; }

    public int EndOfSentenceIndex { get; }

    /// <summary>The position of a word, the unknown word's if it is not there.</summary>
    public int IndexOf(ReadOnlySpan<char> word) => _lookup.TryGetValue(word, out int index) ? index : UnknownIndex;

    /// <summary>Appends the keys of a text's words, which are their positions + 1.</summary>
    public void Tokenize(ReadOnlySpan<char> text, List<uint> keys)
    {
        foreach (ReadOnlySpan<char> word in new WordSplitter(text))
        {
            keys.Add((uint)IndexOf(word) + 1);
        }
    }

    private int IndexOfMark(string mark, string role) => _index.TryGetValue(mark, out int index)
        ? index
        : throw new ArgumentException($"The {role} '{mark}' is not in the vocabulary.");
}
