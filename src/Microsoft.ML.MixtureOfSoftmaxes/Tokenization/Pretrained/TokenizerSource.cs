using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>What files make: a tokenizer, the ids of its tokens by name, and what these stand for.</summary>
internal sealed record TokenizerSource(
    Tokenizer Tokenizer, IReadOnlyDictionary<string, int> Ids, TokenEncoding Encoding, IReadOnlyList<string> SpecialTokens,
    string? UnknownToken = null)
{
    private static readonly JsonSerializerOptions s_json = new() { AllowDuplicateProperties = false };
    private static readonly string[] s_wordPieceMarks = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"];

    public static TokenizerSource Of(TokenizerFiles files, PreTokenizer pieces) => files.Kind switch
    {
        TokenizerKind.ByteLevelBpe => OfMerges(files.Contents[0], files.Contents[1], pieces),
        TokenizerKind.Tiktoken => OfRanks(files.Contents[0], pieces),
        TokenizerKind.SentencePiece => OfSentencePieces(files.Contents[0]),
        _ => OfWordPieces(files.Contents[0], files.LowerCase),
    };

    private static TokenizerSource OfMerges(byte[] vocabulary, byte[] merges, PreTokenizer pieces)
    {
        Dictionary<string, int> ids = JsonSerializer.Deserialize<Dictionary<string, int>>(vocabulary, s_json)
            ?? throw new JsonException("The vocabulary is null.");
        Check(ids);
        string[] lines = [.. LinesOf(merges).Where(line => line.Length > 0)];
        lines = lines is [var first, ..] && first.StartsWith("#version", StringComparison.Ordinal) ? lines[1..] : lines;
        HashSet<string> made = [.. Enumerable.Range(0, 256).Select(value => ByteNames.Of((byte)value))];
        foreach (string line in lines)
        {
            if (line.Split(' ') is not [string left, string right]
                || !ids.ContainsKey(left) || !ids.ContainsKey(right) || !ids.ContainsKey(left + right))
            {
                throw new FormatException($"The merge '{line}' is not of two tokens of the vocabulary into a third");
            }

            made.Add(left + right);
        }

        var options = new BpeOptions(ids) { Merges = lines, ByteLevel = true, PreTokenizer = pieces };
        return new(BpeTokenizer.Create(options), ids, TokenEncoding.BytePairsOfFiles, [.. ids.Keys.Where(name => !made.Contains(name))]);
    }

    private static TokenizerSource OfRanks(byte[] ranks, PreTokenizer pieces)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string line in LinesOf(ranks).Where(line => line.Length > 0 && !line.StartsWith("Capacity: ", StringComparison.Ordinal)))
        {
            // The files of the official packages begin with a number of lines, and leave ranks out.
            string[] parts = line.Split(' ');
            int id = ids.Count;
            if (parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out id))
                || !ids.TryAdd(ByteNames.Of(Convert.FromBase64String(parts[0])), id))
            {
                throw new FormatException($"The line '{line}' is not a new token in base64 and its rank");
            }
        }

        Check(ids);
        return new(TiktokenTokenizer.Create(new MemoryStream(ranks), pieces, normalizer: null), ids, TokenEncoding.BytePairsOfFiles, []);
    }

    private static TokenizerSource OfSentencePieces(byte[] model)
    {
        using var stream = new MemoryStream(model);
        var tokenizer = SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false);
        TokenEncoding encoding = tokenizer.AddDummyPrefix && !tokenizer.TreatWhitespaceAsSuffix
            ? TokenEncoding.PrefixedSentencePieces
            : TokenEncoding.SentencePieces;
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        List<(string Name, bool IsControl)> pieces = SentencePieceNames.Read(model);
        foreach ((string name, _) in pieces)
        {
            AddLine(ids, name);
        }

        if (tokenizer.ByteFallback)
        {
            CheckBytes(tokenizer, ids);
        }

        string[] special = [.. pieces.Where(piece => piece.IsControl || piece.Name == tokenizer.UnknownToken).Select(piece => piece.Name)];
        return new(tokenizer, ids, encoding, special, tokenizer.UnknownToken);
    }

    // Of unigrams, version 2.0.1 of the official tokenizer gives the bytes ids of other pieces. No piece has this character.
    private static void CheckBytes(SentencePieceTokenizer tokenizer, Dictionary<string, int> ids)
    {
        string[] bytes = ["<0xF4>", "<0x8F>", "<0xBF>", "<0xBD>"];
        int[] expected = [.. bytes.Select(name => ids.TryGetValue(name, out int id)
            ? id
            : throw new FormatException($"It writes characters without a piece as bytes, but has no '{name}'"))];
        if (!tokenizer.EncodeToIds("\U0010FFFD").TakeLast(expected.Length).SequenceEqual(expected))
        {
            throw new NotSupportedException(
                "It is of unigrams and writes characters without a piece as bytes, to which Microsoft.ML.Tokenizers gives ids of other pieces. " +
                "Take a model of byte pairs, or one trained without byte_fallback");
        }
    }

    private static TokenizerSource OfWordPieces(byte[] vocabulary, bool lowerCase)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string token in LinesOf(vocabulary))
        {
            AddLine(ids, token);
        }

        if (s_wordPieceMarks.FirstOrDefault(mark => !ids.ContainsKey(mark)) is string missing)
        {
            throw new FormatException($"There is no '{missing}' in the vocabulary");
        }

        // A text that has [SEP] in it is a text all the same: only the trainer writes marks.
        var options = new BertOptions
        {
            LowerCaseBeforeTokenization = lowerCase,
            RemoveNonSpacingMarks = lowerCase,
            SplitOnSpecialTokens = false,
        };
        using var stream = new MemoryStream(vocabulary);
        var tokenizer = BertTokenizer.Create(stream, options);
        return new(tokenizer, ids, TokenEncoding.WordPieces, s_wordPieceMarks, tokenizer.UnknownToken);
    }

    private static void AddLine(Dictionary<string, int> ids, string token)
    {
        if (!ids.TryAdd(token, ids.Count))
        {
            throw new FormatException($"The token '{token}' is in it twice");
        }
    }

    // Without one of the bytes there are texts that have no tokens, and the tokenizer would leave a part out or fail.
    private static void Check(Dictionary<string, int> ids)
    {
        int missing = Enumerable.Range(0, 256).FirstOrDefault(value => !ids.ContainsKey(ByteNames.Of((byte)value)), -1);
        if (missing >= 0)
        {
            throw new FormatException(
                $"No token is the byte 0x{missing:X2} alone ('{ByteNames.Of((byte)missing)}'), so not every text has tokens");
        }

        var names = new Dictionary<int, string>();
        foreach ((string name, int id) in ids)
        {
            _ = ByteNames.BytesOf(name);
            if (!names.TryAdd(id, name))
            {
                throw new FormatException($"The tokens '{names[id]}' and '{name}' have the same id, {id}");
            }
        }
    }

    private static string[] LinesOf(byte[] text)
    {
        string[] lines = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text).TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        return lines is [.., ""] ? lines[..^1] : lines;
    }
}
