namespace Mos.Reports.Drawing;

/// <summary>A line of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Style">Its colour and dashes.</param>
/// <param name="Points">At least one, in the order in which the line connects them.</param>
internal sealed record Curve(string Name, CurveStyle Style, IReadOnlyList<Point> Points);

/// <summary>A point, in the units of the axes or of the drawing.</summary>
internal readonly record struct Point(double X, double Y);
