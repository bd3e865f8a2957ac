using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>A tokenizer of Microsoft.ML.Tokenizers and its tokens. Ids may have gaps; keys have none and are in the order of the ids.</summary>
internal sealed class PretrainedTokenizer
{
    private readonly Dictionary<int, uint> _keys = [];

    private PretrainedTokenizer(TokenizerSource source)
    {
        Tokenizer = source.Tokenizer;
        KeyValuePair<string, int>[] byId = [.. source.Ids.OrderBy(token => token.Value)];
        foreach ((_, int id) in byId)
        {
            _keys.Add(id, (uint)_keys.Count + 1);
        }

        Tokens = new([.. byId.Select(token => token.Key)], source.Encoding, source.SpecialTokens, source.UnknownToken) { Split = Split };
    }

    public Tokenizer Tokenizer { get; }

    public TokenSet Tokens { get; }

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="InvalidDataException">The files make no tokenizer.</exception>
    public static PretrainedTokenizer Create(TokenizerFiles files)
    {
        PreTokenizer pieces = TextPieces.Create(files.Pieces);
        try
        {
            return new(TokenizerSource.Of(files, pieces));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The readers of Microsoft.ML.Tokenizers throw all kinds of errors at files that are not theirs.
            throw new InvalidDataException(
                $"{string.Join(" and ", files.FileNames)} of kind {files.Kind} make no tokenizer: {OptionRange.MessageOf(e).TrimEnd('.')}. " +
                "Check that they are whole, of that kind, and of one tokenizer.", e);
        }
    }

    /// <summary>Appends the keys of a text. Half a surrogate pair counts as U+FFFD.</summary>
    public void Encode(ReadOnlySpan<char> text, List<uint> keys)
    {
        text = ValidText.Of(text);
        IReadOnlyList<int> ids = Tokenizer is BertTokenizer bert
            ? bert.EncodeToIds(text, addSpecialTokens: false)
            : Tokenizer.EncodeToIds(text);
        foreach (int id in ids)
        {
            keys.Add(_keys[id]);
        }
    }

    /// <summary>The names of a text's tokens.</summary>
    public IEnumerable<string> Split(string text)
    {
        var keys = new List<uint>();
        Encode(text, keys);
        return keys.Select(key => Tokens.Names[(int)key - 1]);
    }

    /// <summary>
    /// The text of keys, by what the names stand for: the official decoder of sentence pieces loses the pieces beside those of bytes.
    /// </summary>
    public string Decode(IEnumerable<uint> keys) => TokenSpelling.Decode(keys.Select(key => Tokens.Names[(int)key - 1]), Tokens.Encoding);
}
