using System.Globalization;
using System.Xml.Linq;

namespace Benchmarks.Reports;

/// <summary>
/// Draws the figures as bars: a row of panels for each setting and part, with time on the left and memory on the right.
/// </summary>
internal static class BarChart
{
    private const double PanelWidth = 560, LabelWidth = 240, BarsWidth = 230, Margin = 12;
    private const double Heading = 26, BarStep = 20, BarHeight = 14;

    private const string Style = """
        text { font: 12px system-ui, sans-serif; fill: #1b1b1b; } .heading { font-weight: 600; } .end { text-anchor: end; }
        .paper { fill: #ffffff; } .plain { fill: #c04a00; } .fused { fill: #0072b2; } .softmax { fill: #767676; } .products { fill: #00805f; }
        """;

    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    public static XElement Draw(Results results, Machine machine)
    {
        List<XElement> drawn = [];
        double y = Margin;
        string source = $"{machine.Processor}, {machine.Device}, threads: {machine.Threads}, libtorch {machine.LibTorch}.";
        drawn.Add(Text("", Margin, y += BarHeight, $"{source} Shorter is better."));
        foreach (var group in results.Measurements.GroupBy(m => (m.Setting, m.Part)))
        {
            Measurement[] all = [.. group];
            string title = $"{group.Key.Setting}: {Names.Of(group.Key.Part)}";
            drawn.AddRange(Panel(Margin, y, $"{title}, milliseconds per token", all, m => 1e3 * m.SecondsPerToken, "0.00"));
            drawn.AddRange(Panel(Margin + PanelWidth, y, $"{title}, extra memory in MB", all, m => m.ExtraBytes / 1e6, "#,0"));
            y += Heading + (BarStep * all.Length);
        }

        return new XElement(
            s_svg + "svg",
            new XAttribute("viewBox", FormattableString.Invariant($"0 0 {(2 * PanelWidth) + Margin} {y + Margin}")),
            new XElement(s_svg + "title", "Mixture of softmaxes: plain, fused, a softmax, and the bare products"),
            new XElement(s_svg + "style", Style),
            new XElement(
                s_svg + "rect",
                new XAttribute("class", "paper"),
                new XAttribute("width", "100%"),
                new XAttribute("height", "100%")),
            drawn);
    }

    private static IEnumerable<XElement> Panel(
        double x, double y, string title, Measurement[] measurements, Func<Measurement, double?> value, string format)
    {
        if (measurements.Max(value) is not double longest)
        {
            yield break;
        }

        yield return Text("heading", x, y += Heading, title);
        foreach (Measurement measurement in measurements)
        {
            y += BarStep;
            double length = (value(measurement) ?? 0) / longest * BarsWidth;
            string label = Names.Of(measurement.Case);
            yield return Text("end", x + LabelWidth - 6, y, label);
            yield return new XElement(
                s_svg + "rect",
                new XAttribute("class", Names.Of(measurement.Formulation)),
                Number("x", x + LabelWidth),
                Number("y", y - BarHeight + 3),
                Number("width", length),
                Number("height", BarHeight));
            string figure = value(measurement)?.ToString(format, CultureInfo.InvariantCulture) ?? "";
            yield return Text("", x + LabelWidth + length + 6, y, figure);
        }
    }

    private static XElement Text(string kind, double x, double y, string text) =>
        new(s_svg + "text", new XAttribute("class", kind), Number("x", x), Number("y", y), text);

    private static XAttribute Number(string name, double value) => new(name, value.ToString("0.#", CultureInfo.InvariantCulture));
}
