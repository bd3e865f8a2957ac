namespace Microsoft.ML;

/// <summary>The distinct strings of one entry, numbered in the order of their first use.</summary>
internal sealed class StringPool
{
    private readonly List<string> _strings = [];
    private readonly Dictionary<string, int> _ids = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsBySpan;

    public StringPool() => _idsBySpan = _ids.GetAlternateLookup<ReadOnlySpan<char>>();

    public IReadOnlyList<string> Strings => _strings;

    /// <summary>The number of the text, a new one if it is new.</summary>
    public int Add(ReadOnlySpan<char> text)
    {
        if (_idsBySpan.TryGetValue(text, out int id))
            return id;
        id = _strings.Count;
        _strings.Add(text.ToString());
        _ids.Add(_strings[id], id);
        return id;
    }

    /// <summary>The number of the text, or -1.</summary>
    public int Find(ReadOnlySpan<char> text) => _idsBySpan.TryGetValue(text, out int id) ? id : -1;
}
