namespace Mos.Reports.Drawing;

/// <summary>A point of a scatter chart.</summary>
/// <param name="Name">Its name and figures, shown where it is pointed at.</param>
/// <param name="Label">A short name beside it.</param>
/// <param name="Marker">Its look.</param>
/// <param name="Place">Where it is, in the units of the axes.</param>
/// <param name="Low">The lower end of the line through it.</param>
/// <param name="High">The upper end.</param>
/// <param name="Parts">Heights of what it is the mean of.</param>
/// <param name="IsOnFront">Whether the front goes through it.</param>
internal sealed record MarkedPoint(
    string Name, string Label, Marker Marker, Point Place, double Low, double High, IReadOnlyList<double> Parts, bool IsOnFront);
