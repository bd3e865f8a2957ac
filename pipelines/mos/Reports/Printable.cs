using System.Text;

namespace Mos.Reports;

/// <summary>Names of files may hold what a page cannot: control characters, halves of characters.</summary>
internal static class Printable
{
    public static string Text(string name) => string.Concat(
        name.EnumerateRunes().Select(c => Rune.IsControl(c) || c.Value is 0xFFFE or 0xFFFF ? Rune.ReplacementChar : c));
}
