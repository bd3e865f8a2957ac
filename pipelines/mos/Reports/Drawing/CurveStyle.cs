using System.Xml.Linq;

namespace Mos.Reports.Drawing;

/// <summary>
/// The look of the curves of one run or model. Curves differ in dashes as well, for readers who cannot see colours.
/// </summary>
/// <param name="Colour">A class of the style sheet, which has a colour for light and for dark pages.</param>
/// <param name="Dashes">An SVG dash array.</param>
internal sealed record CurveStyle(string Colour, string Dashes)
{
    private const int Colours = 6;
    private static readonly string[] s_dashes = ["none", "7 3", "2 3", "10 3 2 3", "14 4"];

    /// <summary>
    /// How many different styles there are: every colour with every dash array, as 6 and 5 have no common divisor.
    /// </summary>
    public static int Count => Colours * s_dashes.Length;

    /// <summary>The style of the run or model with that index.</summary>
    public static CurveStyle Of(int index) => new($"c{index % Colours}", s_dashes[index % s_dashes.Length]);

    /// <summary>A short line in this style, to stand before a name.</summary>
    public XElement Swatch() => new(
        "svg",
        new XAttribute("class", $"swatch curve {Colour}"),
        new XAttribute("viewBox", "0 0 32 10"),
        new XAttribute("aria-hidden", "true"),
        new XElement("path", new XAttribute("d", "M0,5L32,5"), new XAttribute("stroke-dasharray", Dashes)));
}
