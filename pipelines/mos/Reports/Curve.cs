namespace Mos.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Points">At least one, in the order in which the line joins them.</param>
internal sealed record Curve(string Name, RunStyle Style, IReadOnlyList<Point> Points);
