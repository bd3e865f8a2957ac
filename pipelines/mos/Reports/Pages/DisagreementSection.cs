using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Reports.Tables;

namespace Mos.Reports.Pages;

/// <summary>The words to which the models give the most different probabilities, each after its context.</summary>
internal static class DisagreementSection
{
    /// <summary>Words of context shown before a word; earlier ones matter little.</summary>
    private const int MaxContext = 12;

    public static XElement? Create(ModelComparison comparison) => comparison.Disagreements.Count == 0 ? null : new(
        "section",
        new XElement("h2", "Where the models differ most"),
        new XElement("p", "The words whose probabilities are furthest apart, at most one per row."),
        FigureTable.Create(
            "context and word",
            [
                .. comparison.Models.Select((model, i) => (
                    Printable.Text(model.Name),
                    (Func<Disagreement, string>)(row => Numbers.Probability(row.LogProbabilities[i])))),
            ],
            comparison.Disagreements,
            (row, _) => [WordInContext(row)]));

    private static XElement WordInContext(Disagreement disagreement)
    {
        string context = string.Join(' ', disagreement.Context.TakeLast(MaxContext));
        string ellipsis = disagreement.Context.Count > MaxContext ? "… " : "";
        return new(
            "span",
            new XAttribute("class", "context"),
            Printable.Text($"{ellipsis}{context} "),
            new XElement("b", Printable.Text(disagreement.Word)));
    }
}
