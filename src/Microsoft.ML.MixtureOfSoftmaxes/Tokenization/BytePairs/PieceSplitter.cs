using System.Globalization;
using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>
/// Walks the pieces of a text, within which bytes may be merged: runs of letters, of digits, of white space, of anything else. The
/// space before a piece belongs to it, so that words are the same tokens wherever they stand. The pieces put together are the text.
/// </summary>
internal ref struct PieceSplitter(ReadOnlySpan<char> text)
{
    // Longer runs are cut, so that time stays proportional to the text whatever is in it.
    private const int MaximumLength = 64;

    private ReadOnlySpan<char> _rest = text;

    private enum Kind
    {
        Letter,
        Digit,
        Space,
        Other,
    }

    public ReadOnlySpan<char> Current { get; private set; }

    public readonly PieceSplitter GetEnumerator() => this;

    public bool MoveNext()
    {
        int length = LengthOfPiece();
        Current = _rest[..length];
        _rest = _rest[length..];
        return length > 0;
    }

    private readonly int LengthOfPiece()
    {
        bool hasSpace = _rest is [' ', _, ..] && KindAt(1, out _) != Kind.Space;
        int end = hasSpace ? 1 : 0;
        if (end == _rest.Length)
        {
            return end;
        }

        Kind kind = KindAt(end, out _);
        int beforeLast = end;
        while (end < _rest.Length && end < MaximumLength && KindAt(end, out int length) == kind)
        {
            beforeLast = end;
            end += length;
        }

        bool spaceBelongsToNext = kind == Kind.Space && beforeLast > 0 && _rest[beforeLast] == ' '
            && end < _rest.Length && KindAt(end, out _) != Kind.Space;
        return spaceBelongsToNext ? beforeLast : end;
    }

    private readonly Kind KindAt(int start, out int length)
    {
        Rune.DecodeFromUtf16(_rest[start..], out Rune rune, out length);
        return Rune.IsWhiteSpace(rune) ? Kind.Space
            : Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            ? Kind.Letter
            : Rune.IsNumber(rune) ? Kind.Digit
            : Kind.Other;
    }
}
