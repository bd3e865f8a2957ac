using System.Xml.Linq;
using Mos.Reports.Drawing;
using Mos.Reports.Figures;
using Mos.Reports.Runs;
using Mos.Reports.Tables;

namespace Mos.Reports.Pages;

/// <summary>The page of <c>mos report</c>.</summary>
internal static class ReportPage
{
    /// <param name="writer">Takes the HTML.</param>
    /// <param name="runs">At least one, at most <see cref="CurveStyle.Count"/>.</param>
    public static void Write(TextWriter writer, IReadOnlyList<LoggedRun> runs) => Page.Write(
        writer,
        $"Training: {string.Join(", ", runs.Select(run => Printable.Text(run.Name)))}",
        new XElement("h1", "Training runs"),
        SummaryTable.Create(runs),
        Notes(runs),
        new XElement("main", RunFigures.Create(runs)));

    private static XElement? Notes(IReadOnlyList<LoggedRun> runs)
    {
        XElement[] notes =
        [
            .. from run in runs
               from note in run.Notes
               select new XElement("li", $"{Printable.Text(run.Name)}: {note}."),
        ];
        return notes.Length == 0 ? null : new XElement("section", new XElement("h2", "Notes"), new XElement("ul", notes));
    }
}
