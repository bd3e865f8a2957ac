using System.Xml.Linq;

namespace Mos.Reports;

/// <summary>A short line that looks as the curves of a run do, to stand before its name.</summary>
internal static class Swatch
{
    public static XElement Of(RunStyle style) => new(
        "svg",
        new XAttribute("class", $"swatch curve {style.Colour}"),
        new XAttribute("viewBox", "0 0 32 10"),
        new XAttribute("aria-hidden", "true"),
        new XElement("path", new XAttribute("d", "M0,5L32,5"), new XAttribute("stroke-dasharray", style.Dashes)));
}
