using System.Xml.Linq;
using Mos.Reports.Drawing;
using Mos.Reports.Pages;

namespace Benchmarks.Reports;

/// <summary>Draws what the head costs as its sizes grow, a panel for each, with one legend.</summary>
internal static class GrowthChart
{
    private const double PanelWidth = 480, PanelHeight = 310, LegendHeight = 34, LegendStep = 190, Margin = 12;

    private static readonly Axis s_cost = new("milliseconds per token, forward and backward", IsLogarithmic: true);
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    public static XElement Draw(IReadOnlyList<GrowthMeasurement> measurements, Machine machine)
    {
        Case[] cases = [.. measurements.Select(m => new Case(m.Formulation, m.Precision)).Distinct()];
        IGrouping<string, GrowthMeasurement>[] panels = [.. measurements.GroupBy(m => m.What)];
        double width = (2 * PanelWidth) + (2 * Margin), height = (2 * LegendHeight) + ((panels.Length + 1) / 2 * PanelHeight) + Margin;
        string machineText = $"Head alone, {machine.Processor}, {machine.Device}, libtorch {machine.LibTorch}; " +
            "15 experts, 10,000 words, 210 tokens but for what grows.";
        XElement picture = new(
            "svg",
            new XAttribute("viewBox", FormattableString.Invariant($"0 0 {width} {height}")),
            new XElement("title", "What a mixture of softmaxes costs as its sizes grow"),
            new XElement("style", PageStyle.Sheet + "rect { fill: var(--page); }"),
            new XElement("rect", new XAttribute("width", "100%"), new XAttribute("height", "100%")),
            Svg.Text("label", Margin, 20, machineText),
            cases.Select((which, i) => Legend(which, i)),
            panels.Select((panel, i) => At(i, Panel($"panel{i}", panel, cases))));
        foreach (XElement element in picture.DescendantsAndSelf())
        {
            element.Name = s_svg + element.Name.LocalName;
        }

        return picture;
    }

    private static XElement Panel(string id, IGrouping<string, GrowthMeasurement> panel, Case[] cases) => ChartDrawing.Draw(
        id, "time per token", new Axis(panel.Key, IsLogarithmic: true), s_cost,
        [
            .. from one in cases.Index()
               let points = panel.Where(m => new Case(m.Formulation, m.Precision) == one.Item)
               where points.Any()
               select new Curve(
                   Names.Of(one.Item), CurveStyle.Of(one.Index), [.. points.Select(m => new Point(m.Value, m.MillisecondsPerToken))]),
        ]);

    private static XElement At(int index, XElement panel)
    {
        panel.Add(
            Position("x", Margin + (index % 2 * PanelWidth)), Position("y", (2 * LegendHeight) + (index / 2 * PanelHeight)),
            Position("width", PanelWidth), Position("height", PanelHeight - 10));
        return panel;
    }

    private static XElement Legend(Case which, int index)
    {
        double x = Margin + (index * LegendStep);
        XElement swatch = CurveStyle.Of(index).Swatch();
        swatch.Add(Position("x", x), Position("y", LegendHeight + 3), Position("width", 32), Position("height", 10));
        return new XElement("g", swatch, Svg.Text("label", x + 38, LegendHeight + 12, Names.Of(which)));
    }

    private static XAttribute Position(string name, double value) => new(name, Svg.Coordinate(value));
}
