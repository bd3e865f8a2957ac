using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>
/// Text to tokens by merges, and back: the tokens 0 to 255 are the bytes, token 256 + i is what merge i makes. Every text has
/// tokens, and they give the text back. Safe for several threads: all that a <see cref="BpeTokenizer"/> writes to is its cache of
/// pieces, under a lock.
/// </summary>
internal sealed class BytePairEncoding
{
    public const int ByteCount = 256;

    private readonly List<string> _names = [.. Enumerable.Range(0, ByteCount).Select(value => ByteNames.Of((byte)value))];
    private readonly List<string> _merges = [];
    private readonly BpeTokenizer _tokenizer;

    public BytePairEncoding(IEnumerable<Pair> merges)
    {
        foreach (Pair merge in merges)
        {
            (string left, string right) = (_names[merge.Left], _names[merge.Right]);
            _merges.Add($"{left} {right}");
            _names.Add(left + right);
        }

        _tokenizer = BpeTokenizer.Create(new(_names.Select(KeyValuePair.Create))
        {
            Merges = _merges,
            ByteLevel = true,
            PreTokenizer = new PiecePreTokenizer(),
        });
    }

    /// <summary>The tokens in printable characters, see <see cref="ByteNames"/>. No two are the same.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The tokens as those of a column.</summary>
    public TokenSet Tokens => new(_names, TokenEncoding.BytePairs);

    /// <summary>The merges in their order, each as the names of its two tokens with a space between.</summary>
    public IReadOnlyList<string> Merges => _merges;

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
        foreach (int token in _tokenizer.EncodeToIds(ValidText.Of(text)))
        {
            keys.Add((uint)token + 1);
        }
    }

    /// <summary>The text of tokens; bytes that are not UTF-8 become U+FFFD.</summary>
    public string Decode(IEnumerable<int> tokens) => _tokenizer.Decode(tokens);
}
