namespace Conformance.Tests.Listing;

/// <summary>
/// Takes the question marks of reference types out of a line. Official TorchSharp annotates only some of its files, and not the
/// same ones in every version, so they are no part of the comparison; those of value types are.
/// </summary>
internal sealed class Nullability
{
    private readonly HashSet<string> _valueTypes;

    /// <param name="listing">Lines whose enums and structs are the value types beside C#'s own.</param>
    public Nullability(IEnumerable<string> listing) => _valueTypes =
    [
        .. TypeText.ValueTypeKeywords,
        .. listing.Select(line => line.Split(" :: "))
            .Where(parts => parts[1].StartsWith("TYPE enum", StringComparison.Ordinal)
                || parts[1].StartsWith("TYPE struct", StringComparison.Ordinal))
            .Select(parts => parts[0]),
    ];

    public string Ignore(string line)
    {
        string[] pieces = line.Split('?');
        IEnumerable<string> kept = pieces[..^1].Select(piece => piece + (EndsWithValueType(piece) ? "?" : ""));
        return string.Concat(kept.Append(pieces[^1]));
    }

    private bool EndsWithValueType(string text)
    {
        int start = text.LastIndexOfAny([' ', '(', '<']) + 1;
        return text.EndsWith(')') || _valueTypes.Contains(text[start..]);
    }
}
