using System.Xml.Linq;

namespace Mos.Reports;

/// <summary>A report on runs as one page that needs nothing else: neither script nor other files.</summary>
internal static class ReportPage
{
    /// <param name="runs">At most <see cref="RunStyle.Count"/>.</param>
    public static void Write(TextWriter writer, IReadOnlyList<Run> runs)
    {
        writer.WriteLine("<!DOCTYPE html>");
        writer.WriteLine(new XElement("html", new XAttribute("lang", "en"), Head(runs), Body(runs)));
    }

    private static XElement Head(IReadOnlyList<Run> runs) => new(
        "head",
        new XElement("meta", new XAttribute("charset", "utf-8")),
        new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
        new XElement("title", $"Training: {string.Join(", ", runs.Select(run => Printable.Text(run.Name)))}"),
        new XElement("style", PageStyle.Sheet));

    private static XElement Body(IReadOnlyList<Run> runs) => new(
        "body",
        new XElement("h1", "Training runs"),
        SummaryTable.Create(runs),
        Notes(runs),
        new XElement("main", Chart.For(runs).Select((chart, i) => Figure($"chart{i + 1}", chart, runs))));

    private static XElement? Notes(IReadOnlyList<Run> runs)
    {
        XElement[] notes = [.. runs.SelectMany(run => run.Notes.Select(note => new XElement("li", $"{Printable.Text(run.Name)}: {note}.")))];
        return notes.Length == 0 ? null : new XElement("section", new XElement("h2", "Notes"), new XElement("ul", notes));
    }

    private static XElement Figure(string id, Chart chart, IReadOnlyList<Run> runs)
    {
        (Run Run, RunStyle Style, IReadOnlyList<Point> Points)[] curves =
            [.. runs.Select((run, i) => (run, RunStyle.Of(i), chart.Points(run))).Where(curve => curve.Item3.Count > 0)];
        return new XElement(
            "figure",
            new XElement("h2", chart.Title),
            new XElement("p", curves.Length == 0 ? "No run has logged any." : chart.Remark),
            curves.Length == 0 ? null : ChartDrawing.Draw(id, chart, curves),
            curves.Length == 0 ? null : new XElement(
                "figcaption", curves.Select(curve => new XElement("span", Swatch.Of(curve.Style), Printable.Text(curve.Run.Name)))));
    }
}
