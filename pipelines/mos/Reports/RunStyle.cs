namespace Mos.Reports;

/// <summary>How the curves of a run look: told apart by colour, and without it by dashes.</summary>
/// <param name="Colour">A class of the style sheet, which has a colour for light and for dark.</param>
/// <param name="Dashes">An SVG dash array.</param>
internal sealed record RunStyle(string Colour, string Dashes)
{
    private const int Colours = 6;
    private static readonly string[] s_dashes = ["none", "7 3", "2 3", "10 3 2 3", "14 4"];

    /// <summary>Runs whose styles all differ: colours and dashes have no common divisor.</summary>
    public static int Count => Colours * s_dashes.Length;

    public static RunStyle Of(int run) => new($"c{run % Colours}", s_dashes[run % s_dashes.Length]);
}
