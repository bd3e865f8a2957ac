using System.Runtime.InteropServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>Counts words and keeps the frequent ones: most frequent first, ties in order of first appearance.</summary>
internal sealed class VocabularyBuilder
{
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public VocabularyBuilder() => _lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool IsEmpty => _counts.Count == 0;

    public void Add(ReadOnlySpan<char> text)
    {
        foreach (ReadOnlySpan<char> word in new WordSplitter(text))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_lookup, word, out _)++;
        }
    }

    /// <summary>The unknown word and the end-of-sentence mark, then the words seen often enough, up to the size in all.</summary>
    public Vocabulary Build(VocabularyTokenizingEstimator.Options options)
    {
        string[] marks = [options.UnknownWord, options.EndOfSentence];
        IEnumerable<string> words = _counts
            .Where(word => word.Value >= options.MinimumCount && !marks.Contains(word.Key))
            .OrderByDescending(word => word.Value)
            .Select(word => word.Key)
            .Take(options.MaximumSize - marks.Length);
        return new([.. marks, .. words], options.UnknownWord, options.EndOfSentence);
    }
}
