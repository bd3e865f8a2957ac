using Microsoft.ML.MixtureOfSoftmaxes.Columns;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>
/// Walks the words of a text, which white space separates, without copying any, but for those that are no valid text: they are mended.
/// </summary>
internal ref struct WordSplitter(ReadOnlySpan<char> text)
{
    private readonly int _length = text.Length;
    private ReadOnlySpan<char> _rest = text;

    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Where the current word ends in the text.</summary>
    public readonly int End => _length - _rest.Length;

    public readonly WordSplitter GetEnumerator() => this;

    public bool MoveNext()
    {
        _rest = _rest.TrimStart();
        int length = 0;
        while (length < _rest.Length && !char.IsWhiteSpace(_rest[length]))
        {
            length++;
        }

        Current = ValidText.Of(_rest[..length]);
        _rest = _rest[length..];
        return length > 0;
    }
}
