using System.Xml.Linq;

namespace Mos.Reports.Drawing;

/// <summary>Draws curves between two axes.</summary>
internal static class ChartDrawing
{
    private const double Width = 480, Height = 300, Left = 58, Top = 30, Right = 464, Bottom = 252;

    /// <summary>Curves with more points than this are drawn without a marker at each.</summary>
    private const int MaxMarkers = 60;

    /// <param name="id">Unique in the page.</param>
    /// <param name="title">What the curves show.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="curves">At least one.</param>
    public static XElement Draw(string id, string title, Axis x, Axis y, IReadOnlyList<Curve> curves)
    {
        Point[] all = [.. curves.SelectMany(curve => curve.Points)];
        var frame = new Frame(Left, Top, Right, Bottom, x.ScaleFor(all.Select(p => p.X)), y.ScaleFor(all.Select(p => p.Y)));
        return Svg.Picture(
            id, Width, Height, $"{title} against {x.Label}", curves.Select(curve => Describe(curve, x)),
            AxesDrawing.Draw(frame, x, y), curves.Select(curve => Line(curve, frame.Place(curve.Points))));
    }

    private static string Describe(Curve curve, Axis x)
    {
        (Point first, Point last) = (curve.Points[0], curve.Points[^1]);
        return $"{Printable.Text(curve.Name)}: from {Numbers.Short(first.Y)} at {Numbers.Short(first.X)} {x.Label} " +
            $"to {Numbers.Short(last.Y)} at {Numbers.Short(last.X)}, " +
            $"lowest {Numbers.Short(curve.Points.Min(p => p.Y))}, highest {Numbers.Short(curve.Points.Max(p => p.Y))}. ";
    }

    private static XElement Line(Curve curve, IReadOnlyList<Point> points)
    {
        string path = "M" + string.Join("L", points.Select(p => $"{Svg.Coordinate(p.X)},{Svg.Coordinate(p.Y)}"));
        return new XElement(
            "g",
            new XAttribute("class", $"curve {curve.Style.Colour}"),
            new XElement("title", Printable.Text(curve.Name)),
            new XElement("path", new XAttribute("d", path), new XAttribute("stroke-dasharray", curve.Style.Dashes)),
            points.Count > MaxMarkers ? null : points.Select(p => Svg.Circle(p.X, p.Y, 2.5)));
    }
}
