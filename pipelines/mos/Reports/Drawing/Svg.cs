using System.Xml.Linq;

namespace Mos.Reports.Drawing;

/// <summary>Makes SVG elements. Their colours and text sizes are in the style sheet.</summary>
internal static class Svg
{
    /// <summary>A whole drawing, with a title and a description for screen readers.</summary>
    /// <param name="id">Unique in the page.</param>
    public static XElement Picture(
        string id, double width, double height, string title, IEnumerable<string> description, params object?[] content) => new(
        "svg",
        new XAttribute("viewBox", FormattableString.Invariant($"0 0 {width} {height}")),
        new XAttribute("role", "img"),
        new XAttribute("aria-labelledby", $"{id}-title {id}-desc"),
        new XElement("title", new XAttribute("id", $"{id}-title"), title),
        new XElement("desc", new XAttribute("id", $"{id}-desc"), description),
        content);

    public static XElement Line(string kind, double x1, double y1, double x2, double y2) => new(
        "line",
        new XAttribute("class", kind),
        new XAttribute("x1", Coordinate(x1)),
        new XAttribute("y1", Coordinate(y1)),
        new XAttribute("x2", Coordinate(x2)),
        new XAttribute("y2", Coordinate(y2)));

    public static XElement Text(string kind, double x, double y, string text) =>
        new("text", new XAttribute("class", kind), new XAttribute("x", Coordinate(x)), new XAttribute("y", Coordinate(y)), text);

    public static XElement Circle(double x, double y, double radius) => new(
        "circle",
        new XAttribute("cx", Coordinate(x)),
        new XAttribute("cy", Coordinate(y)),
        new XAttribute("r", Coordinate(radius)));

    public static string Coordinate(double value) => Numbers.Text(value, "0.#");
}
