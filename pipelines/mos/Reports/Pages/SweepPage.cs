using System.Xml.Linq;
using Mos.Reports.Drawing;
using Mos.Reports.Figures;
using Mos.Reports.Tables;
using Mos.Sweeps;

namespace Mos.Reports.Pages;

/// <summary>The page of <c>mos sweep</c>.</summary>
internal static class SweepPage
{
    /// <param name="writer">Takes the HTML.</param>
    /// <param name="summary">The sweep, which may still go on.</param>
    public static void Write(TextWriter writer, SweepSummary summary)
    {
        Dictionary<string, Marker> markers = summary.Configurations.Select(one => one.Head).Distinct().Index()
            .ToDictionary(head => head.Item, head => Marker.Of(head.Index));
        Page.Write(
            writer,
            $"Sweep: {string.Join(", ", markers.Keys.Select(Printable.Text))}",
            new XElement("h1", "What perplexity costs"),
            State(summary),
            summary.Configurations.Count == 0
                ? null
                : new object[]
                {
                    Explanation(summary),
                    new XElement("main", FrontFigures.Create(summary, markers)),
                    new XElement(
                        "section", new XElement("h2", "All configurations"), SweepTable.Create(summary.Configurations, markers)),
                },
            Failures(summary));
    }

    private static XElement State(SweepSummary summary)
    {
        int done = summary.Configurations.Sum(one => one.Runs.Count);
        string seeds = string.Join(", ", summary.Configurations.SelectMany(one => one.Runs).Select(run => run.Seed).Distinct().Order());
        return new(
            "p",
            $"{done} of {summary.Planned} runs are done" + (done == 0 ? "." : $", with the seeds {seeds}. ") +
            (summary.Rounds == 0 ? "Times and memory have not been measured yet." : $"Times are medians of {summary.Rounds} rounds."));
    }

    private static XElement Explanation(SweepSummary summary) => new(
        "p",
        "A point is a configuration, labelled K/d where there is room: its height is the mean over its seeds, whose own heights are the short " +
        "bars. The line through it goes from the lowest to the highest end of the seeds’ 95 % bootstrap intervals over the test text: what " +
        "another text would change. What another seed would change, the bars show. The stairs are the Pareto front: no other configuration " +
        "has both a lower mean and a lower cost than one on them." +
        (summary.Floor is double floor ? $" No model can be expected to be below the floor, {Numbers.Short(floor)}." : ""));

    private static XElement? Failures(SweepSummary summary) => summary.Failed.Count == 0
        ? null
        : new(
            "section",
            new XElement("h2", "Runs that failed"),
            new XElement(
                "ul", summary.Failed.Select(run => new XElement("li", Printable.Text($"{run.Name}: {run.Error}")))));
}
