using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Reports.Drawing;
using Mos.Sweeps;

namespace Mos.Reports.Tables;

/// <summary>The figures of a sweep: a row for each configuration.</summary>
internal static class SweepTable
{
    public static IReadOnlyList<(string Header, Func<SweptConfiguration, string> Cell)> Columns { get; } =
    [
        ("perplexity", one => Numbers.Text(one.Perplexity, "F2")),
        ("of each seed", one => string.Join(" ", one.Runs.Select(run => Numbers.Text(run.Result.Perplexity, "F2")))),
        ("interval", one => one.PerplexityInterval is var (low, high)
            ? $"{Numbers.Text(low, "F2")} to {Numbers.Text(high, "F2")}"
            : FigureTable.None),
        ("rank", one => string.Join(" ", one.Runs.Select(run => Text(run.Result.Rank, "N0")).Distinct())),
        ("parameters", one => Numbers.Text(one.Parameters, "N0")),
        ("training s/1,000", one => Text(one.TrainingSeconds, "G3")),
        ("scoring s/1,000", one => Text(one.ScoringSeconds, "G3")),
        ("training MiB", one => Text(one.TrainingBytes / Cost.Mebibyte, one.TrainingBytes < 10 * Cost.Mebibyte ? "N1" : "N0")),
        ("front of", one => one.Fronts.Count == 0 ? FigureTable.None : string.Join(", ", one.Fronts)),
    ];

    /// <param name="configurations">At least one.</param>
    /// <param name="markers">By head.</param>
    public static XElement Create(IReadOnlyList<SweptConfiguration> configurations, IReadOnlyDictionary<string, Marker> markers)
    {
        XElement table = FigureTable.Create(
            "configuration", Columns, configurations, (one, _) => [markers[one.Head].Swatch(), Printable.Text(one.Name)]);
        table.SetAttributeValue("class", "fronts");
        return table;
    }

    private static string Text(IFormattable? value, string format) => value is null ? FigureTable.None : Numbers.Text(value, format);
}
