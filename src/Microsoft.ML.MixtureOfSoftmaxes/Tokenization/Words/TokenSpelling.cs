using System.Globalization;
using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>The text that the name of a token stands for.</summary>
internal static class TokenSpelling
{
    private const char Space = '\u2581';
    private const string Continuation = "##";

    public static byte[] BytesOf(string name, TokenEncoding encoding) => encoding switch
    {
        TokenEncoding.BytePairs or TokenEncoding.BytePairsOfFiles => ByteNames.BytesOf(name),
        TokenEncoding.SentencePieces or TokenEncoding.PrefixedSentencePieces =>
            ByteOf(name) is byte value ? [value] : Encoding.UTF8.GetBytes(name.Replace(Space, ' ')),
        TokenEncoding.WordPieces => Encoding.UTF8.GetBytes(Continues(name) ? name[Continuation.Length..] : name),
        _ => Encoding.UTF8.GetBytes(name),
    };

    /// <summary>
    /// The spaces between a token and what is before it, beyond those of its own: 1 where spaces join tokens, and -1 where a text begins with
    /// a space of the tokenizer's own.
    /// </summary>
    public static int SpacesBefore(string name, TokenEncoding encoding, bool isFirst) => encoding switch
    {
        TokenEncoding.Words => isFirst ? 0 : 1,
        TokenEncoding.WordPieces => isFirst || Continues(name) ? 0 : 1,
        TokenEncoding.PrefixedSentencePieces => isFirst && name.StartsWith(Space) ? -1 : 0,
        _ => 0,
    };

    /// <summary>The text of tokens that begin one; bytes that are not UTF-8 become U+FFFD.</summary>
    public static string Decode(IEnumerable<string> names, TokenEncoding encoding)
    {
        var bytes = new List<byte>();
        bool isFirst = true;
        foreach (string name in names)
        {
            int spaces = SpacesBefore(name, encoding, isFirst);
            bytes.AddRange(Enumerable.Repeat((byte)' ', Math.Max(0, spaces)));
            bytes.AddRange(BytesOf(name, encoding)[Math.Max(0, -spaces)..]);
            isFirst = false;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static bool Continues(string name) => name.Length > Continuation.Length && name.StartsWith(Continuation, StringComparison.Ordinal);

    private static byte? ByteOf(string name) =>
        name.Length == 6 && name.StartsWith("<0x", StringComparison.Ordinal) && name[^1] == '>'
        && byte.TryParse(name.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? value
            : null;
}
