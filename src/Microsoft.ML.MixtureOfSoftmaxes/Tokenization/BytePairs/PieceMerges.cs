using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>
/// Where tokens end within a piece of text, by the tokens alone: the pair that makes the earliest token is merged first, and tokens stand in
/// the order of their merges.
/// </summary>
internal static class PieceMerges
{
    /// <summary>Whether a token ends after the first <paramref name="bytes"/> bytes of a piece.</summary>
    /// <param name="piece">What tokens do not cross.</param>
    /// <param name="bytes">From 0 to the bytes of the piece in UTF-8.</param>
    /// <param name="indexOf">The position of a token by its name; null for none.</param>
    public static bool TokenEndsAt(ReadOnlySpan<char> piece, int bytes, Func<string, int?> indexOf)
    {
        byte[] utf8 = new byte[Encoding.UTF8.GetByteCount(piece)];
        Encoding.UTF8.GetBytes(piece, utf8);
        List<string> tokens = [.. utf8.Select(ByteNames.Of)];
        while (Earliest() is int left)
        {
            tokens[left] += tokens[left + 1];
            tokens.RemoveAt(left + 1);
        }

        // A name has one character for each byte.
        int end = 0;
        return bytes == 0 || tokens.Any(token => (end += token.Length) == bytes);

        // Where the pair stands whose token comes first; null if no pair makes one.
        int? Earliest() => tokens.Zip(tokens.Skip(1), (a, b) => indexOf(a + b)).Index()
            .Where(pair => pair.Item is not null).OrderBy(pair => pair.Item).Select(pair => (int?)pair.Index).FirstOrDefault();
    }
}
