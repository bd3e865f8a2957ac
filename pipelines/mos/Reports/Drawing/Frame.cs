namespace Mos.Reports.Drawing;

/// <summary>
/// The rectangle of a drawing in which curves lie, and the scales that map values into it. In the drawing, y grows downwards.
/// </summary>
internal sealed record Frame(double Left, double Top, double Right, double Bottom, Scale X, Scale Y)
{
    public double XOf(double value) => Left + (X.Share(value) * (Right - Left));

    public double YOf(double value) => Bottom - (Y.Share(value) * (Bottom - Top));

    /// <summary>The points of a curve in the drawing, without those that the eye could not tell apart.</summary>
    public IReadOnlyList<Point> Place(IEnumerable<Point> points) => Thin(points.Select(p => new Point(XOf(p.X), YOf(p.Y))));

    /// <summary>
    /// Keeps the first, the lowest, the highest and the last point within each unit of width, which leaves the line as it looks.
    /// </summary>
    private static List<Point> Thin(IEnumerable<Point> points)
    {
        List<Point> thin = [];
        foreach (IGrouping<double, Point> column in points.GroupBy(p => Math.Floor(p.X)))
        {
            (int Index, Point Point)[] all = [.. column.Index()];
            IEnumerable<(int Index, Point Point)> kept = [all[0], all.MinBy(p => p.Point.Y), all.MaxBy(p => p.Point.Y), all[^1]];
            thin.AddRange(kept.DistinctBy(p => p.Index).OrderBy(p => p.Index).Select(p => p.Point));
        }

        return thin;
    }
}
