using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Whether a text can be scored as the continuation of another: neither is empty, and the tokens of both are those of the texts put together.
/// Words are; byte pairs are not if one of the whole text lies across the border.
/// </summary>
internal sealed class ContinuationCheck(Vocabulary vocabulary)
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

        return vocabulary.Encoding == TokenEncoding.Words || BeginsAtBorder(context, words)
            ? null
            : "a token of the whole text lies across the border between the two, so it is not what the tokens of each say. Begin the continuation " +
                "with a whole word, the space before it included.";
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
        foreach (ReadOnlySpan<char> piece in new PieceSplitter(_lastPiece + TextOf(words.TakeWhile(IsText))))
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
        int[] sentence = context[(Array.FindLastIndex(context, token => !IsText(token)) + 1)..];
        string text = TextOf(sentence);
        int last = 0, start = 0;
        foreach (ReadOnlySpan<char> piece in new PieceSplitter(text))
        {
            last = start;
            start += piece.Length;
        }

        return text[last..];
    }

    private bool IsText(int token) => token != vocabulary.EndOfSentenceIndex && token != vocabulary.UnknownIndex;

    private string TextOf(IEnumerable<int> tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(vocabulary.BytesOf)]);
}
