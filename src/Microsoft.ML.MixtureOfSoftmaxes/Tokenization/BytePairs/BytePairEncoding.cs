using System.Collections.Concurrent;
using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization.BytePairs;

/// <summary>
/// Text to tokens by merges: the tokens 0 to 255 are the bytes, token 256 + i is what merge i makes. Every text has tokens, and they
/// give the text back. Safe for several threads.
/// </summary>
internal sealed class BytePairEncoding
{
    public const int ByteCount = 256;

    // Some megabytes; words beyond it are encoded anew each time.
    private const int CacheCapacity = 100_000;

    private readonly Dictionary<Pair, int> _tokens = [];
    private readonly ConcurrentDictionary<string, uint[]> _cache = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, uint[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private int _cached;

    private readonly List<string> _names = [.. Enumerable.Range(0, ByteCount).Select(value => ByteNames.Of((byte)value))];

    public BytePairEncoding(IEnumerable<Pair> merges)
    {
        _lookup = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (Pair merge in merges)
        {
            _tokens.Add(merge, _names.Count);
            _names.Add(_names[merge.Left] + _names[merge.Right]);
        }
    }

    /// <summary>The tokens in printable characters, see <see cref="ByteNames"/>. Each is another one.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The merges in their order, each as the names of its two tokens with a space between.</summary>
    public IEnumerable<string> Merges =>
        _tokens.OrderBy(merge => merge.Value).Select(merge => $"{_names[merge.Key.Left]} {_names[merge.Key.Right]}");

    /// <summary>The encoding of <see cref="Merges"/>.</summary>
    /// <exception cref="FormatException">A merge is not of two tokens that are there before it, or makes one that is.</exception>
    public static BytePairEncoding Parse(IReadOnlyList<string> merges)
    {
        var tokens = Enumerable.Range(0, ByteCount).ToDictionary(value => ByteNames.Of((byte)value));
        return new(merges.Select((merge, i) =>
            merge.Split(' ') is [string left, string right]
            && tokens.TryGetValue(left, out int first)
            && tokens.TryGetValue(right, out int second)
            && tokens.TryAdd(left + right, ByteCount + i)
                ? new Pair(first, second)
                : throw new FormatException($"Byte-pair merge {i}, '{merge}', is not of two earlier tokens into a new one.")));
    }

    /// <summary>Appends the keys of a text, which are its tokens + 1. Half a surrogate pair counts as U+FFFD.</summary>
    public void Encode(ReadOnlySpan<char> text, List<uint> keys)
    {
        foreach (ReadOnlySpan<char> piece in new PieceSplitter(text))
        {
            if (!_lookup.TryGetValue(piece, out uint[]? encoded))
            {
                encoded = EncodePiece(piece);
                if (Volatile.Read(ref _cached) < CacheCapacity && _lookup.TryAdd(piece, encoded))
                {
                    Interlocked.Increment(ref _cached);
                }
            }

            keys.AddRange(encoded);
        }
    }

    // Merges apply in the order in which they were learnt, so that text splits as it did then.
    private uint[] EncodePiece(ReadOnlySpan<char> piece)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(piece)];
        Encoding.UTF8.GetBytes(piece, bytes);
        int[] buffer = [.. bytes.Select(value => (int)value)];
        Span<int> tokens = buffer;
        while (TryFindEarliestMerge(tokens, out Pair pair, out int token))
        {
            tokens = tokens[..pair.Merge(tokens, token)];
        }

        uint[] keys = new uint[tokens.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = (uint)tokens[i] + 1;
        }

        return keys;
    }

    private bool TryFindEarliestMerge(ReadOnlySpan<int> tokens, out Pair pair, out int token)
    {
        (pair, token) = (default, int.MaxValue);
        for (int i = 0; i + 1 < tokens.Length; i++)
        {
            var candidate = new Pair(tokens[i], tokens[i + 1]);
            if (_tokens.TryGetValue(candidate, out int merged) && merged < token)
            {
                (pair, token) = (candidate, merged);
            }
        }

        return token < int.MaxValue;
    }
}
