using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Reports;

/// <summary>The words about which models differ most, after their contexts.</summary>
internal static class DisagreementSection
{
    // What stands before a word; older words say little more.
    private const int MostContext = 12;

    public static XElement? Create(ModelComparison comparison) => comparison.Disagreements.Count == 0 ? null : new(
        "section",
        new XElement("h2", "Where the models differ most"),
        new XElement("p", "The words whose probabilities are furthest apart, at most one a row."),
        FigureTable.Create(
            "context and word",
            [.. comparison.Models.Select((model, i) => (
                Printable.Text(model.Name),
                (Func<Disagreement, string>)(row => Numbers.Probability(row.LogProbabilities[i]))))],
            comparison.Disagreements,
            (row, _) => [new XElement("span", new XAttribute("class", "context"), Printable.Text(Context(row) + " "), new XElement("b", Printable.Text(row.Word)))]));

    /// <summary>The last words before the word, and a mark if there are more.</summary>
    public static string Context(Disagreement disagreement) =>
        (disagreement.Context.Count > MostContext ? "… " : "") + string.Join(' ', disagreement.Context.TakeLast(MostContext));
}
