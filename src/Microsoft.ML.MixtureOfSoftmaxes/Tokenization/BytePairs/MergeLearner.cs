using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>
/// Learns merges (Sennrich, Haddow, Birch, 2016): the most frequent pair of neighbouring tokens becomes one token, again and again.
/// Each different piece is held once; a merge visits only the pieces it occurs in.
/// </summary>
internal sealed class MergeLearner
{
    private readonly Dictionary<string, long> _pieces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public MergeLearner() => _lookup = _pieces.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool IsEmpty => _pieces.Count == 0;

    public void Add(ReadOnlySpan<char> text)
    {
        foreach (ReadOnlySpan<char> piece in new PieceSplitter(text))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_lookup, piece, out _)++;
        }
    }

    /// <summary>
    /// At most <paramref name="count"/> merges, most frequent first, ties by the smaller tokens; fewer when no pair occurs
    /// <paramref name="minimumCount"/> times any more.
    /// </summary>
    public List<Pair> Learn(int count, int minimumCount, Cancellation cancellation = default)
    {
        (int[] Tokens, long Count)[] pieces = [.. _pieces.Select(p => (BytesOf(p.Key), p.Value))];
        var pairs = new PairCounts();
        for (int i = 0; i < pieces.Length; i++)
        {
            pairs.Add(pieces[i].Tokens, pieces[i].Count, i);
        }

        var merges = new List<Pair>();
        while (merges.Count < count && pairs.TryTakeMostFrequent(minimumCount, out Pair pair, out IEnumerable<int> places))
        {
            cancellation.ThrowIfRequested();
            int token = BytePairEncoding.ByteCount + merges.Count;
            merges.Add(pair);
            foreach (int place in places)
            {
                (int[] tokens, long occurrences) = pieces[place];
                pairs.Remove(tokens, occurrences);
                int[] merged = tokens[..pair.Merge(tokens, token)];
                pairs.Add(merged, occurrences, place, token);
                pieces[place].Tokens = merged;
            }
        }

        return merges;
    }

    private static int[] BytesOf(string piece) => [.. Encoding.UTF8.GetBytes(piece).Select(value => (int)value)];
}
