using System.Xml.Linq;

namespace Mos.Reports;

/// <summary>A report on training runs.</summary>
internal static class ReportPage
{
    /// <param name="runs">At most <see cref="RunStyle.Count"/>.</param>
    public static void Write(TextWriter writer, IReadOnlyList<Run> runs) => Page.Write(
        writer,
        $"Training: {string.Join(", ", runs.Select(run => Printable.Text(run.Name)))}",
        new XElement("h1", "Training runs"),
        SummaryTable.Create(runs),
        Notes(runs),
        new XElement("main", Figures(runs)));

    /// <summary>The curves of all runs together.</summary>
    public static IEnumerable<XElement> Figures(IReadOnlyList<Run> runs) => Chart.For(runs).Select((chart, i) =>
        chart.Curves(runs) is { Count: > 0 } curves
            ? Figure.Create($"chart{i + 1}", chart.Title, chart.Remark, chart.X, chart.Y, curves)
            : Figure.Empty(chart.Title, "No run has logged any."));

    private static XElement? Notes(IReadOnlyList<Run> runs)
    {
        XElement[] notes = [.. runs.SelectMany(run => run.Notes.Select(note => new XElement("li", $"{Printable.Text(run.Name)}: {note}.")))];
        return notes.Length == 0 ? null : new XElement("section", new XElement("h2", "Notes"), new XElement("ul", notes));
    }
}
