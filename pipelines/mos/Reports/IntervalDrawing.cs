using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Reports;

/// <summary>A figure of each model with its confidence interval, one above the other.</summary>
internal static class IntervalDrawing
{
    private const double Width = 480, Left = 20, Right = 460, RowHeight = 44, Foot = 40;
    private const double Margin = 0.05; // Of the range of values, on either side.
    private const int MostTicks = 6;

    public static XElement Draw(string id, string title, string label, IReadOnlyList<(string Name, double Value, ConfidenceInterval Interval)> rows)
    {
        double low = rows.Min(row => row.Interval.Low), high = rows.Max(row => row.Interval.High);
        double margin = high > low ? (high - low) * Margin : low * Margin;
        var scale = new LinearScale(low - margin, high + margin);
        double bottom = rows.Count * RowHeight;
        IReadOnlyList<double> ticks = Ticks.Linear(scale.Minimum, scale.Maximum, MostTicks);
        return new XElement(
            "svg",
            new XAttribute("viewBox", FormattableString.Invariant($"0 0 {Width} {bottom + Foot}")),
            new XAttribute("role", "img"),
            new XAttribute("aria-labelledby", $"{id}-title {id}-desc"),
            new XElement("title", new XAttribute("id", $"{id}-title"), title),
            new XElement("desc", new XAttribute("id", $"{id}-desc"), rows.Select(row =>
                $"{Printable.Text(row.Name)}: {Numbers.Short(row.Value)}, from {Numbers.Short(row.Interval.Low)} to {Numbers.Short(row.Interval.High)}. ")),
            ticks.Zip(Numbers.Ticks(ticks)).SelectMany(tick => (XElement[])
            [
                Svg.Line("grid", X(tick.First), 0, X(tick.First), bottom),
                Svg.Text("tick middle", X(tick.First), bottom + 16, tick.Second),
            ]),
            Svg.Text("label end", Right, bottom + 34, label),
            rows.Select((row, i) => Row(row, i)));

        double X(double value) => Left + (scale.Share(value) * (Right - Left));

        XElement Row((string Name, double Value, ConfidenceInterval Interval) row, int i)
        {
            double y = ((i + 1) * RowHeight) - 14;
            return new XElement(
                "g",
                new XAttribute("class", $"curve {RunStyle.Of(i).Colour}"),
                Svg.Line("whisker", X(row.Interval.Low), y, X(row.Interval.High), y),
                Svg.Circle(X(row.Value), y, 4),
                Svg.Text("label", Left, y - 12, Printable.Text(row.Name)));
        }
    }
}
