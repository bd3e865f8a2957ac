using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Reports.Drawing;

/// <summary>Draws a value and its confidence interval for each of several names, one above the other.</summary>
internal static class IntervalDrawing
{
    private const double Width = 480, Left = 20, Right = 460, RowHeight = 44, Foot = 40;

    /// <summary>Space on either side, as a share of the range of values.</summary>
    private const double Margin = 0.05;

    /// <param name="id">Unique in the page.</param>
    /// <param name="title">What the values are.</param>
    /// <param name="label">The label of the axis.</param>
    /// <param name="rows">At least one.</param>
    public static XElement Draw(
        string id, string title, string label, IReadOnlyList<(string Name, double Value, ConfidenceInterval Interval)> rows)
    {
        double low = rows.Min(row => row.Interval.Low), high = rows.Max(row => row.Interval.High);
        double margin = high > low ? (high - low) * Margin : low * Margin;
        var scale = new LinearScale(low - margin, high + margin);
        double bottom = rows.Count * RowHeight;
        return Svg.Picture(
            id, Width, bottom + Foot, title, rows.Select(Describe),
            scale.Ticks.Zip(Numbers.Ticks(scale.Ticks)).SelectMany(tick => Tick(tick.First, tick.Second)),
            Svg.Text("label end", Right, bottom + 34, label),
            rows.Select(Row));

        double X(double value) => Left + (scale.Share(value) * (Right - Left));

        XElement[] Tick(double value, string text) =>
        [
            Svg.Line("grid", X(value), 0, X(value), bottom),
            Svg.Text("tick middle", X(value), bottom + 16, text),
        ];

        XElement Row((string Name, double Value, ConfidenceInterval Interval) row, int i)
        {
            double y = ((i + 1) * RowHeight) - 14;
            return new XElement(
                "g",
                new XAttribute("class", $"curve {CurveStyle.Of(i).Colour}"),
                Svg.Line("whisker", X(row.Interval.Low), y, X(row.Interval.High), y),
                Svg.Circle(X(row.Value), y, 4),
                Svg.Text("label", Left, y - 12, Printable.Text(row.Name)));
        }
    }

    private static string Describe((string Name, double Value, ConfidenceInterval Interval) row) =>
        $"{Printable.Text(row.Name)}: {Numbers.Short(row.Value)}, " +
        $"from {Numbers.Short(row.Interval.Low)} to {Numbers.Short(row.Interval.High)}. ";
}
