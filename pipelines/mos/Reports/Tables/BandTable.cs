using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Reports.Tables;

/// <summary>
/// Perplexity by how often words occur in the data: a row for each band of frequencies, a column for each model.
/// </summary>
internal static class BandTable
{
    public static IReadOnlyList<(string Header, Func<(FrequencyBand Band, int Index), string> Cell)> Columns(
        IReadOnlyList<ComparedModel> models) =>
    [
        ("words", row => Numbers.Text(row.Band.WordCount, "N0")),
        ("tokens", row => Numbers.Text(row.Band.TokenCount, "N0")),
        .. models.Select(model => (
            Printable.Text(model.Name),
            (Func<(FrequencyBand Band, int Index), string>)(row => Numbers.Text(model.BandPerplexities[row.Index], "N1")))),
    ];

    public static IReadOnlyList<(FrequencyBand Band, int Index)> Rows(ModelComparison comparison) =>
        [.. comparison.Bands.Select((band, i) => (band, i))];

    public static string Name((FrequencyBand Band, int Index) row) => row.Band.MinCount == row.Band.MaxCount
        ? Numbers.Text(row.Band.MinCount, "N0")
        : $"{Numbers.Text(row.Band.MinCount, "N0")} to {Numbers.Text(row.Band.MaxCount, "N0")}";

    public static XElement Create(ModelComparison comparison) =>
        FigureTable.Create("occurrences", Columns(comparison.Models), Rows(comparison), (row, _) => [Name(row)]);
}
