using System.Text.RegularExpressions;

namespace Mos.Input.Tables;

/// <summary>Texts in fields of TSV: tabs and ends of lines are written <c>\t</c>, <c>\n</c> and <c>\r</c>, and backslashes are doubled.</summary>
internal static partial class TsvText
{
    public static string Write(string text) =>
        text.Replace(@"\", @"\\").Replace("\t", @"\t").Replace("\n", @"\n").Replace("\r", @"\r");

    /// <summary>The text of a field; a backslash before anything else, as other programs write it, stays one.</summary>
    public static string Read(string field) => field.Contains('\\') ? Escape().Replace(field, match => Meant(match.ValueSpan[1])) : field;

    private static string Meant(char escaped) => escaped switch { 't' => "\t", 'n' => "\n", 'r' => "\r", _ => @"\" };

    [GeneratedRegex(@"\\[tnr\\]")]
    private static partial Regex Escape();
}
