using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes.Training;

namespace Mos.Reports;

/// <summary>A row of figures for each run.</summary>
internal static class SummaryTable
{
    private const string None = "–";

    private static readonly (string Header, Func<Run, string> Cell)[] s_columns =
    [
        ("epochs", run => Numbers.Text(run.Last.Epoch, "N0")),
        ("tokens", run => Numbers.Text(run.Last.Tokens, "N0")),
        ("time (h:mm:ss)", run => Numbers.Duration(run.Last.Elapsed)),
        ("tokens/s", run => Figure(run, Quantity.Speed, "N0")),
        ("best validation perplexity", run => run.Best?.ValidationPerplexity is double best ? Numbers.Text(best, "F2") : None),
        ("in epoch", run => run.Best is TrainingProgress best ? Numbers.Text(best.Epoch, "N0") : None),
        ("final learning rate", run => Figure(run, Quantity.LearningRate, "G4")),
    ];

    public static XElement Create(IReadOnlyList<Run> runs) => new(
        "table",
        new XElement("thead", new XElement("tr", Header("col", "run"), s_columns.Select(column => Header("col", column.Header)))),
        new XElement("tbody", runs.Select((run, i) => new XElement(
            "tr",
            Header("row", Swatch.Of(RunStyle.Of(i)), Printable.Text(run.Name)),
            s_columns.Select(column => new XElement("td", new XAttribute("data-header", column.Header), column.Cell(run)))))));

    private static XElement Header(string scope, params object[] content) =>
        new("th", new XAttribute("scope", scope), content);

    private static string Figure(Run run, Quantity quantity, string format) =>
        quantity.IsShown(run.Last) ? Numbers.Text(quantity.Of(run.Last)!.Value, format) : None;
}
