using System.Xml.Linq;
using Mos.Reports.Runs;

namespace Mos.Reports.Tables;

/// <summary>The figures of training runs: a row for each run.</summary>
internal static class SummaryTable
{
    private static readonly (string Header, Func<LoggedRun, string> Cell)[] s_columns =
    [
        ("epochs", run => Numbers.Text(run.Last.Epoch, "N0")),
        ("tokens", run => Numbers.Text(run.Last.Tokens, "N0")),
        ("time (h:mm:ss)", run => Numbers.Duration(run.Last.Elapsed)),
        ("tokens/s", run => Cell(run, Quantity.Speed, "N0")),
        ("best validation perplexity", run => Text(run.Best?.ValidationPerplexity, "F2")),
        ("in epoch", run => Text(run.Best?.Epoch, "N0")),
        ("final learning rate", run => Cell(run, Quantity.LearningRate, "G4")),
    ];

    public static XElement Create(IReadOnlyList<LoggedRun> runs) =>
        FigureTable.Create("run", s_columns, runs, (run, i) => FigureTable.Named(run.Name, i));

    private static string Cell(LoggedRun run, Quantity quantity, string format) =>
        Text(quantity.IsShown(run.Last) ? quantity.Of(run.Last) : null, format);

    private static string Text(IFormattable? value, string format) =>
        value is null ? FigureTable.None : Numbers.Text(value, format);
}
