namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>Makes the names of a text's tokens.</summary>
internal delegate IEnumerable<string> TextSplitter(string text);

/// <summary>The tokens that a tokenizer makes.</summary>
/// <param name="Names">Their names in the order of their keys, no two the same.</param>
/// <param name="Encoding">What the names stand for.</param>
/// <param name="SpecialTokens">Those that no text has, such as the end of a sentence, and the unknown token.</param>
/// <param name="UnknownToken">What stands for text that has no tokens; null if every text has some.</param>
internal sealed record TokenSet(
    IReadOnlyList<string> Names, TokenEncoding Encoding, IReadOnlyList<string> SpecialTokens, string? UnknownToken = null)
{
    public TokenSet(IReadOnlyList<string> names, TokenEncoding encoding) : this(names, encoding, [])
    {
    }

    /// <summary>Makes the names of a text's tokens, where the names of all do not tell which these are; else null.</summary>
    public TextSplitter? Split { get; init; }
}
