namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>The surprisal of a text, word by word: -log2 P of its tokens, summed over those of each word.</summary>
/// <param name="Words">What white space separates, in order.</param>
/// <param name="EndSurprisal">
/// That of what follows the last word, in bits: white space, and the end-of-sentence mark if it counts.
/// </param>
public sealed record TextSurprisal(IReadOnlyList<WordSurprisal> Words, double EndSurprisal)
{
    /// <summary>That of the whole text, in bits: the sum over its words, and that of its end.</summary>
    public double Surprisal => Words.Sum(word => word.Surprisal) + EndSurprisal;
}

/// <summary>The surprisal of a word given all before it.</summary>
/// <param name="Word">The word as it stands in the text.</param>
/// <param name="Start">Where in the text it begins, in UTF-16 code units, as .NET counts characters.</param>
/// <param name="Length">Its length, in the same.</param>
/// <param name="Surprisal">
/// In bits: the sum of -log2 P over its tokens that count. The white space before a word is one of its tokens or a part of one.
/// </param>
/// <param name="TokenCount">How many tokens it has, those that do not count among them.</param>
/// <param name="IsUnknown">Whether one of them is the unknown word.</param>
public readonly record struct WordSurprisal(string Word, int Start, int Length, double Surprisal, int TokenCount, bool IsUnknown);
