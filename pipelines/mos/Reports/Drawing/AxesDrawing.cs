using System.Xml.Linq;

namespace Mos.Reports.Drawing;

/// <summary>Draws the two axes of a chart: their lines, ticks and labels.</summary>
internal static class AxesDrawing
{
    /// <param name="frame">Where the chart is; its labels stand around it.</param>
    /// <param name="x">The horizontal axis.</param>
    /// <param name="y">The vertical axis.</param>
    public static IEnumerable<XElement> Draw(Frame frame, Axis x, Axis y) => [.. Horizontal(frame, x), .. Vertical(frame, y)];

    private static IEnumerable<XElement> Horizontal(Frame frame, Axis axis)
    {
        IReadOnlyList<double> ticks = frame.X.Ticks;
        foreach ((double tick, string label) in ticks.Zip(Numbers.Ticks(ticks)))
        {
            double x = frame.XOf(tick);
            yield return Svg.Line("grid", x, frame.Top, x, frame.Bottom);
            yield return Svg.Text("tick middle", x, frame.Bottom + 20, label);
        }

        yield return Svg.Line("axis", frame.Left, frame.Bottom, frame.Right, frame.Bottom);
        yield return Svg.Text("label end", frame.Right, frame.Bottom + 42, Label(axis));
    }

    private static IEnumerable<XElement> Vertical(Frame frame, Axis axis)
    {
        IReadOnlyList<double> ticks = frame.Y.Ticks;
        foreach ((double tick, string label) in ticks.Zip(Numbers.Ticks(ticks)))
        {
            double y = frame.YOf(tick);
            yield return Svg.Line("grid", frame.Left, y, frame.Right, y);
            yield return Svg.Text("tick end", frame.Left - 6, y + 4, label);
        }

        yield return Svg.Text("label", 4, 15, Label(axis));
    }

    private static string Label(Axis axis) => axis.Label + (axis.IsLogarithmic ? " (log scale)" : "");
}
