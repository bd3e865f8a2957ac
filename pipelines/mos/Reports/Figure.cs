using System.Xml.Linq;

namespace Mos.Reports;

/// <summary>A chart with its heading, a remark and the names of its curves.</summary>
internal static class Figure
{
    /// <param name="id">Unique in the page.</param>
    /// <param name="remark">How the values come about.</param>
    /// <param name="curves">At least one.</param>
    public static XElement Create(string id, string title, string remark, Axis x, Axis y, IReadOnlyList<Curve> curves) => new(
        "figure",
        new XElement("h2", title),
        new XElement("p", remark),
        ChartDrawing.Draw(id, title, x, y, curves),
        Legend(curves));

    /// <summary>A heading that says why there is no chart.</summary>
    public static XElement Empty(string title, string reason) => new("figure", new XElement("h2", title), new XElement("p", reason));

    private static XElement Legend(IReadOnlyList<Curve> curves) =>
        new("figcaption", curves.Select(curve => new XElement("span", Swatch.Of(curve.Style), Printable.Text(curve.Name))));
}
