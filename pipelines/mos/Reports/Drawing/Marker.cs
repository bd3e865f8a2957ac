using System.Xml.Linq;

namespace Mos.Reports.Drawing;

/// <summary>The look of the points of one kind, which differ in form as well, for readers who cannot see colours.</summary>
/// <param name="Colour">A class of the style sheet.</param>
/// <param name="Path">An SVG path around the origin, about ten wide.</param>
internal sealed record Marker(string Colour, string Path)
{
    private const int Colours = 6;

    private static readonly string[] s_paths =
    [
        "M-4.5,0A4.5,4.5 0 1 1 4.5,0A4.5,4.5 0 1 1 -4.5,0Z", // a circle
        "M-4,-4H4V4H-4Z", // a square
        "M0,-5.5L5,4H-5Z", // a triangle
        "M0,-6L5,0L0,6L-5,0Z", // a diamond
        "M0,5.5L5,-4H-5Z", // a triangle on its tip
    ];

    /// <summary>How many different markers there are: every colour with every form, as 6 and 5 have no common divisor.</summary>
    public static int Count => Colours * s_paths.Length;

    /// <summary>The marker of the kind with that index.</summary>
    public static Marker Of(int index) => new($"c{index % Colours}", s_paths[index % s_paths.Length]);

    public XElement At(double x, double y) => new(
        "path",
        new XAttribute("class", "marker"),
        new XAttribute("transform", $"translate({Svg.Coordinate(x)},{Svg.Coordinate(y)})"),
        new XAttribute("d", Path));

    /// <summary>The marker alone, to stand before a name.</summary>
    public XElement Swatch() => new(
        "svg",
        new XAttribute("class", $"swatch marked {Colour}"),
        new XAttribute("viewBox", "0 0 14 14"),
        new XAttribute("aria-hidden", "true"),
        At(7, 7));
}
