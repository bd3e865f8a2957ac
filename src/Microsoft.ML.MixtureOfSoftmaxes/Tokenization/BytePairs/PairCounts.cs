using System.Runtime.InteropServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>How often each pair occurs, in which pieces, and which occurs most.</summary>
internal sealed class PairCounts
{
    private readonly Dictionary<Pair, long> _counts = [];
    private readonly Dictionary<Pair, HashSet<int>> _places = [];

    // Counts fall without the heap being told; an entry is checked when it comes up.
    private readonly PriorityQueue<Pair, (long NegativeCount, Pair Pair)> _heap = new();

    /// <summary>Counts the pairs of a piece that occurs <paramref name="count"/> times in the text.</summary>
    /// <param name="tokens">The piece.</param>
    /// <param name="count">Its occurrences.</param>
    /// <param name="place">Its index.</param>
    /// <param name="newToken">Only pairs with this token can be new; null if all may be.</param>
    public void Add(ReadOnlySpan<int> tokens, long count, int place, int? newToken = null)
    {
        for (int i = 0; i + 1 < tokens.Length; i++)
        {
            var pair = new Pair(tokens[i], tokens[i + 1]);
            ref long total = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _);
            total += count;
            if (newToken is null || pair.Left == newToken || pair.Right == newToken)
            {
                ref HashSet<int>? places = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, pair, out _);
                (places ??= []).Add(place);
                _heap.Enqueue(pair, (-total, pair));
            }
        }
    }

    public void Remove(ReadOnlySpan<int> tokens, long count)
    {
        for (int i = 0; i + 1 < tokens.Length; i++)
        {
            CollectionsMarshal.GetValueRefOrNullRef(_counts, new(tokens[i], tokens[i + 1])) -= count;
        }
    }

    /// <summary>The most frequent pair and the pieces it may occur in; false if none occurs often enough.</summary>
    public bool TryTakeMostFrequent(int minimumCount, out Pair pair, out IEnumerable<int> places)
    {
        while (_heap.TryDequeue(out pair, out (long NegativeCount, Pair) entry))
        {
            long count = _counts[pair];
            if (count < minimumCount)
            {
                continue;
            }

            if (count == -entry.NegativeCount)
            {
                _places.Remove(pair, out HashSet<int>? found);
                places = found!;
                return true;
            }

            if (count < -entry.NegativeCount)
            {
                _heap.Enqueue(pair, (-count, pair));
            }
        }

        places = [];
        return false;
    }
}
