using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Reports;

/// <summary>A row of figures for each run.</summary>
internal static class SummaryTable
{
    private static readonly (string Header, Func<Run, string> Cell)[] s_columns =
    [
        ("epochs", run => Numbers.Text(run.Last.Epoch, "N0")),
        ("tokens", run => Numbers.Text(run.Last.Tokens, "N0")),
        ("time (h:mm:ss)", run => Numbers.Duration(run.Last.Elapsed)),
        ("tokens/s", run => Cell(run, Quantity.Speed, "N0")),
        ("best validation perplexity", run => run.Best?.ValidationPerplexity is double best ? Numbers.Text(best, "F2") : FigureTable.None),
        ("in epoch", run => run.Best is TrainingProgress best ? Numbers.Text(best.Epoch, "N0") : FigureTable.None),
        ("final learning rate", run => Cell(run, Quantity.LearningRate, "G4")),
    ];

    public static XElement Create(IReadOnlyList<Run> runs) =>
        FigureTable.Create("run", s_columns, runs, (run, i) => FigureTable.Named(run.Name, i));

    private static string Cell(Run run, Quantity quantity, string format) =>
        quantity.IsShown(run.Last) ? Numbers.Text(quantity.Of(run.Last)!.Value, format) : FigureTable.None;
}
