using System.Xml.Linq;

namespace Mos.Reports.Drawing;

/// <summary>Draws points between two logarithmic axes, and the front of those for which no other point is lower and further to the left.</summary>
internal static class ScatterDrawing
{
    private const double Width = 480, Height = 360, Left = 58, Top = 44, Right = 464, Bottom = 312;

    private const double MarkerSize = 6;

    /// <param name="id">Unique in the page.</param>
    /// <param name="title">What the points show.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="points">At least one.</param>
    /// <param name="floor">A height below which there can be no point; null for none.</param>
    public static XElement Draw(string id, string title, string x, string y, IReadOnlyList<MarkedPoint> points, double? floor)
    {
        Axis across = new(x, IsLogarithmic: true), up = new(y, IsLogarithmic: true);
        IEnumerable<double> heights = points.SelectMany(point => (double[])[point.Low, point.High, .. point.Parts]);
        var frame = new Frame(
            Left, Top, Right, Bottom, across.ScaleFor(points.Select(point => point.Place.X)),
            up.ScaleFor(floor is double lowest ? heights.Append(lowest) : heights));
        XElement picture = Svg.Picture(
            id, Width, Height, title, points.Select(point => $"{point.Name}{(point.IsOnFront ? ", on the front" : "")}. "),
            AxesDrawing.Draw(frame, across, up), Floor(frame, floor), Front(frame, points), Labels(frame, points),
            points.Select(point => Draw(frame, point)));
        picture.SetAttributeValue("role", "group"); // unlike those of a picture, its parts can be reached
        return picture;
    }

    private static XElement[] Floor(Frame frame, double? floor) => floor is double value
        ?
        [
            Svg.Line("floor", Left, frame.YOf(value), Right, frame.YOf(value)),
            Svg.Text("tick end", Right, frame.YOf(value) - 4, $"floor {Numbers.Short(value)}"),
        ]
        : [];

    /// <summary>Stairs: whatever lies above and to the right of them is beaten by a point.</summary>
    private static XElement Front(Frame frame, IReadOnlyList<MarkedPoint> points)
    {
        Point[] front = [.. points.Where(point => point.IsOnFront).OrderBy(point => point.Place.X).Select(point => At(frame, point))];
        string path = $"M{Svg.Coordinate(front[0].X)},{Svg.Coordinate(Top)}" +
            string.Concat(front.Select(at => $"V{Svg.Coordinate(at.Y)}H{Svg.Coordinate(at.X)}")) +
            string.Concat($"H{Svg.Coordinate(Right)}");
        return new("path", new XAttribute("class", "front"), new XAttribute("d", path));
    }

    /// <summary>Labels, those of the front first, where there is room.</summary>
    private static IEnumerable<XElement> Labels(Frame frame, IReadOnlyList<MarkedPoint> points)
    {
        var places = new LabelPlaces(Left, Top, Width, Bottom);
        foreach (Point at in points.Select(point => At(frame, point)))
        {
            places.Keep(at, MarkerSize);
        }

        foreach (MarkedPoint point in points.OrderByDescending(point => point.IsOnFront))
        {
            if (places.Find(At(frame, point), point.Label) is Point at)
            {
                yield return Svg.Text(point.IsOnFront ? "point-label label" : "point-label", at.X, at.Y, point.Label);
            }
        }
    }

    private static XElement Draw(Frame frame, MarkedPoint point)
    {
        Point at = At(frame, point);
        return new(
            "g",
            new XAttribute("class", $"point {point.Marker.Colour}"),
            new XAttribute("tabindex", "0"),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", point.Name),
            Svg.Line("whisker", at.X, frame.YOf(point.Low), at.X, frame.YOf(point.High)),
            point.Parts.Select(part => Svg.Line("part", at.X - MarkerSize, frame.YOf(part), at.X + MarkerSize, frame.YOf(part))),
            point.Marker.At(at.X, at.Y),
            Svg.Text("tip end", Right, 34, point.Name));
    }

    private static Point At(Frame frame, MarkedPoint point) => new(frame.XOf(point.Place.X), frame.YOf(point.Place.Y));
}
