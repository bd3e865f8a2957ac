namespace MosService.Completions;

/// <summary>Finds where a text that comes in parts is to stop. What may be the beginning of a stop is held back until it is known.</summary>
internal sealed class StopFinder(IReadOnlyList<string> stops)
{
    private string _held = "";

    public bool IsFound { get; private set; }

    /// <summary>What can be shown now: what was held back and the next part, up to the first stop.</summary>
    public string Add(string part)
    {
        string text = _held + part;
        int[] found = [.. stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0)];
        IsFound = found.Length > 0;
        int end = IsFound ? found.Min() : text.Length - stops.Select(stop => LengthOfBeginning(stop, text)).DefaultIfEmpty().Max();
        _held = IsFound ? "" : text[end..];
        return text[..end];
    }

    /// <summary>The rest of a text that is at its end.</summary>
    public string TakeHeld()
    {
        string held = _held;
        _held = "";
        return held;
    }

    /// <summary>How much of a stop the text ends with.</summary>
    private static int LengthOfBeginning(string stop, string text)
    {
        int length = Math.Min(stop.Length - 1, text.Length);
        while (length > 0 && !text.EndsWith(stop[..length], StringComparison.Ordinal))
        {
            length--;
        }

        return length;
    }
}
