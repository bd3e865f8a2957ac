using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Whether a text can be scored as the continuation of another: neither is empty, and the tokens of both are those of the texts put together.
/// Words are, and word pieces, for a space stands between the two; others are not if a token of the whole text lies across the border.
/// </summary>
/// <param name="vocabulary">What the tokens are.</param>
/// <param name="tokenizer">What makes them; null if it is not at hand, as words and learnt byte pairs do not need it.</param>
internal sealed class ContinuationCheck(Vocabulary vocabulary, ISubwordTokenizer? tokenizer = null)
{
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
            _ => tokenizer is null ? null : AreTokensOfWhole(context, words, tokenizer),
        };
        return isWhole switch
        {
            true => null,
            false => "a token of the whole text lies across the border between the two, so it is not what the tokens of each say. Begin the " +
                "continuation with a whole word, the space before it included.",
            null => "whether a token of the whole text lies across the border between the two, only the model's tokenizer can tell, and it is not " +
                "at hand for a column of contexts. Score the continuations of each context by Score(model, context, continuations).",
        };
    }

    // Only the sentence at the border matters, and what an unknown token stands for is not known.
    private bool AreTokensOfWhole(int[] context, int[] words, ISubwordTokenizer maker)
    {
        int[] before = LastTextOf(context), after = [.. words.TakeWhile(IsText)];
        return before.Length == 0
            || maker.Tokenize(TextOf([.. before, .. after])).SequenceEqual(
                [.. maker.Tokenize(TextOf(before)), .. after.Select(token => vocabulary.Words[token])]);
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
        foreach (ReadOnlySpan<char> piece in new PieceSplitter(_lastPiece + TextOf([.. words.TakeWhile(IsText)])))
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

    private int[] LastTextOf(int[] context) => context[(Array.FindLastIndex(context, token => !IsText(token)) + 1)..];

    private bool IsText(int token) => token != vocabulary.EndOfSentenceIndex && token != vocabulary.UnknownIndex;

    // Where a text begins with a space of the tokenizer's own, this has none.
    private string TextOf(int[] tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(
        (token, i) => vocabulary.BytesOf(token)[Math.Max(0, -vocabulary.SpacesBefore(token, isFirst: i == 0))..])]);
}
