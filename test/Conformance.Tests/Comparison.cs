using Conformance.Tests.Listing;

namespace Conformance.Tests;

/// <summary>Lines of one set that another does not have, the nullability of references aside.</summary>
internal static class Comparison
{
    public static IReadOnlyList<string> Missing(IEnumerable<string> lines, IEnumerable<string> from)
    {
        string[] others = [.. from];
        var nullability = new Nullability(others);
        HashSet<string> known = [.. others.Select(nullability.Ignore)];
        return [.. lines.Where(line => !known.Contains(nullability.Ignore(line))).Order(StringComparer.Ordinal)];
    }

    public static void AssertNoneMissing(IEnumerable<string> lines, IEnumerable<string> from, string complaint)
    {
        IReadOnlyList<string> missing = Missing(lines, from);
        Assert.IsEmpty(missing, $"{complaint}:\n{string.Join('\n', missing)}\n");
    }
}
