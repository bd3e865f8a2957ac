using System.Text;

namespace Mos.Reports;

/// <summary>
/// Makes text fit for XML: names of files may contain control characters and unpaired surrogates, which XML must not.
/// </summary>
internal static class Printable
{
    public static string Text(string name) => string.Concat(
        name.EnumerateRunes().Select(c => Rune.IsControl(c) || c.Value is 0xFFFE or 0xFFFF ? Rune.ReplacementChar : c));
}
