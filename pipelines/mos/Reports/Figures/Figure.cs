using System.Xml.Linq;
using Mos.Reports.Drawing;

namespace Mos.Reports.Figures;

/// <summary>Makes a figure of a chart: its heading, a remark, the drawing and a legend.</summary>
internal static class Figure
{
    /// <param name="id">Unique in the page.</param>
    /// <param name="title">The heading.</param>
    /// <param name="remark">How the values were obtained.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="curves">At least one.</param>
    public static XElement Create(string id, string title, string remark, Axis x, Axis y, IReadOnlyList<Curve> curves) => new(
        "figure",
        new XElement("h2", title),
        new XElement("p", remark),
        ChartDrawing.Draw(id, title, x, y, curves),
        Legend(curves));

    /// <summary>A figure without a chart, which says why there is none.</summary>
    public static XElement Empty(string title, string reason) =>
        new("figure", new XElement("h2", title), new XElement("p", reason));

    private static XElement Legend(IReadOnlyList<Curve> curves) =>
        new("figcaption", curves.Select(curve => new XElement("span", curve.Style.Swatch(), Printable.Text(curve.Name))));
}
