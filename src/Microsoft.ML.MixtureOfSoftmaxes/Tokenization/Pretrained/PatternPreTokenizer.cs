using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>
/// Cuts a text where matches of a pattern begin and end, so that what the pattern leaves out is a piece too; never within a surrogate pair.
/// </summary>
internal sealed class PatternPreTokenizer(Regex pattern) : PreTokenizer
{
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var pieces = new List<(int Offset, int Length)>();
        int start = 0;
        try
        {
            foreach (ValueMatch match in pattern.EnumerateMatches(text))
            {
                CutAt(match.Index, text);
                CutAt(match.Index + match.Length, text);
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new InvalidOperationException(
                $"The pattern '{pattern}' that cuts text into pieces took more than {pattern.MatchTimeout.TotalSeconds} seconds on a text of " +
                $"{text.Length:N0} characters: take one that does not try the same characters again and again.", e);
        }

        CutAt(text.Length, text);
        return pieces;

        void CutAt(int end, ReadOnlySpan<char> all)
        {
            bool isWithinPair = end > 0 && end < all.Length && char.IsSurrogatePair(all[end - 1], all[end]);
            if (end > start && !isWithinPair)
            {
                pieces.Add((start, end - start));
                start = end;
            }
        }
    }
}
