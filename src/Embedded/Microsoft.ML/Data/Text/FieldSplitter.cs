using System.Buffers;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Splits a line into fields, which are slices of it unless they were quoted.</summary>
internal sealed class FieldSplitter
{
    private readonly SearchValues<char> _separators;
    private readonly bool _spaceSeparates;
    private readonly bool _quoting;
    private readonly char _escape;
    private readonly bool _trimEnd;
    private readonly List<ReadOnlyMemory<char>> _fields = [];
    private readonly StringBuilder _unquoted = new();

    public FieldSplitter(TextLoader.Options options)
    {
        _separators = SearchValues.Create(options.Separators);
        _spaceSeparates = options.Separators.Contains(' ');
        _quoting = options.AllowQuoting;
        _escape = options.EscapeChar;
        _trimEnd = options.TrimWhitespace;
    }

    /// <summary>Whether a quoted field of the last line was ill-formed; such a field is empty.</summary>
    public bool BadQuoting { get; private set; }

    /// <summary>Whether the last line ends within a quoted field.</summary>
    public bool EndsInQuotes { get; private set; }

    public int Count => _fields.Count;

    public ReadOnlyMemory<char> this[int index] => _fields[index];

    /// <summary>Splits off at most <paramref name="needed"/> fields and returns their number, at least 1.</summary>
    public int Split(string line, int needed)
    {
        _fields.Clear();
        BadQuoting = false;
        EndsInQuotes = false;
        ReadOnlyMemory<char> rest = _trimEnd ? line.AsMemory().TrimEnd() : line.AsMemory();
        bool more = true;
        while (more && _fields.Count < needed)
            _fields.Add(TakeField(ref rest, out more));
        return _fields.Count;
    }

    private ReadOnlyMemory<char> TakeField(ref ReadOnlyMemory<char> rest, out bool more)
    {
        if (!_spaceSeparates)
            rest = rest.TrimStart(' ');
        if (_quoting && rest.Length > 0 && rest.Span[0] == '"')
            return TakeQuoted(ref rest, out more);
        int end = rest.Span.IndexOfAny(_separators);
        more = end >= 0;
        ReadOnlyMemory<char> field = more ? rest[..end] : rest;
        rest = more ? rest[(end + 1)..] : default;
        return field;
    }

    private ReadOnlyMemory<char> TakeQuoted(ref ReadOnlyMemory<char> rest, out bool more)
    {
        ReadOnlySpan<char> span = rest.Span;
        _unquoted.Clear();
        int i = 1;
        for (; i < span.Length && !IsClosing(span, i); i++)
        {
            // An escape makes a quote part of the field; before anything else it stands for itself, and so does what follows.
            if (span[i] == _escape && i + 1 < span.Length)
            {
                if (span[i + 1] != '"')
                    _unquoted.Append(_escape);
                i++;
            }

            _unquoted.Append(span[i]);
        }

        bool closed = i < span.Length;
        EndsInQuotes = !closed;
        int afterQuote = Math.Min(i + 1, span.Length);
        int length = span[afterQuote..].IndexOfAny(_separators);
        more = length >= 0;
        ReadOnlySpan<char> between = more ? span.Slice(afterQuote, length) : span[afterQuote..];
        rest = more ? rest[(afterQuote + length + 1)..] : default;
        if (closed && between.Trim(' ').IsEmpty)
            return _unquoted.ToString().AsMemory();
        BadQuoting = true;
        return default;
    }

    // With the quote as its own escape the quote that closes is one that no quote follows.
    private bool IsClosing(ReadOnlySpan<char> span, int i) =>
        span[i] == '"' && (_escape != '"' || i + 1 >= span.Length || span[i + 1] != '"');
}
