using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Whether a text can be scored as the continuation of another: neither is empty, and the tokens of both are those of the texts put together.
/// Words are, and word pieces, for a space stands between the two; others are not if a token of the whole text lies across the border.
/// </summary>
/// <param name="vocabulary">What the tokens are.</param>
/// <param name="split">What makes them; null if it is not at hand, as words and learnt byte pairs do not need it.</param>
internal sealed class ContinuationCheck(Vocabulary vocabulary, TextSplitter? split = null)
{
    // Stands for text that has no tokens: the last character for private use, which no tokenizer knows or changes.
    private static readonly byte[] s_unknown = Encoding.UTF8.GetBytes("\U0010FFFD");

    private int[]? _context;
    private string _lastPiece = "";

    /// <summary>What is wrong with it; null for nothing.</summary>
    public string? Fault(int[] context, int[] words)
    {
        if (context.Length == 0)
        {
            return "the context is empty. Score the text without a context, or give it one.";
        }

        if (words.Length == 0)
        {
            return "there is no token in it, so nothing to predict.";
        }

        bool? isWhole = vocabulary.Encoding switch
        {
            TokenEncoding.Words or TokenEncoding.WordPieces => true,
            TokenEncoding.BytePairs => BeginsAtBorder(context, words),
            _ => split is null ? null : AreTokensOfWhole(context, words, split),
        };
        return isWhole switch
        {
            true => null,
            false => "a token of the whole text lies across the border between the two, so it is not what the tokens of each say. Begin the " +
                "continuation with a whole word, the space before it included.",
            null => "whether a token of the whole text lies across the border between the two, only the model's tokenizer can tell, and the column " +
                "of tokens has lost it, as one that was read from a file. Let the tokenizer make the column from text.",
        };
    }

    // Only the sentence at the border matters.
    private bool AreTokensOfWhole(int[] context, int[] words, TextSplitter splitter)
    {
        int[] before = LastTextOf(context), both = [.. before, .. TextAtStartOf(words)];
        return before.Length == 0 || splitter(TextOf(both)).SequenceEqual(both.Select(token => vocabulary.Words[token]));
    }

    private bool BeginsAtBorder(int[] context, int[] words)
    {
        // Often the same for row after row.
        if (!ReferenceEquals(context, _context))
        {
            _lastPiece = LastPieceOf(context);
            _context = context;
        }

        // Tokens do not cross pieces, so only the piece at the border matters.
        int start = 0;
        foreach (ReadOnlySpan<char> piece in new PieceSplitter(_lastPiece + TextOf(TextAtStartOf(words))))
        {
            int end = start + piece.Length;
            if (end >= _lastPiece.Length)
            {
                return end == _lastPiece.Length
                    || vocabulary.TokenEndsAt(piece, Encoding.UTF8.GetByteCount(piece[..(_lastPiece.Length - start)]));
            }

            start = end;
        }

        return true;
    }

    private string LastPieceOf(int[] context)
    {
        string text = TextOf(LastTextOf(context));
        int last = 0, start = 0;
        foreach (ReadOnlySpan<char> piece in new PieceSplitter(text))
        {
            last = start;
            start += piece.Length;
        }

        return text[last..];
    }

    private int[] LastTextOf(int[] context) => context[(Array.LastIndexOf(context, vocabulary.EndOfSentenceIndex) + 1)..];

    private int[] TextAtStartOf(int[] words) => [.. words.TakeWhile(token => token != vocabulary.EndOfSentenceIndex)];

    // Where a text begins with a space of the tokenizer's own, this has none.
    private string TextOf(int[] tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(
        (token, i) => token == vocabulary.UnknownIndex
            ? s_unknown
            : vocabulary.BytesOf(token)[Math.Max(0, -vocabulary.SpacesBefore(token, isFirst: i == 0))..])]);
}
