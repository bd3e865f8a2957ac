using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Reports.Drawing;

namespace Mos.Reports.Pages;

/// <summary>Rows of text in which every word is coloured by its surprisal, -log P, with the number below it.</summary>
internal static class SurprisalText
{
    /// <summary>The surprisal in nats at which a word has its full colour: a probability of 1 in 160,000.</summary>
    private const double FullColour = 12;

    /// <param name="title">What the rows have in common.</param>
    /// <param name="remark">How they were chosen.</param>
    /// <param name="models">The models, each with a line for every row.</param>
    /// <param name="rows">The rows; no section is made if there are none.</param>
    public static XElement? Section(
        string title, string remark, IReadOnlyList<ComparedModel> models, IReadOnlyList<ComparedRow> rows) =>
        rows.Count == 0 ? null : new(
            "section",
            new XElement("h2", title),
            new XElement("p", remark),
            rows.Select(row => new XElement(
                "article",
                new XElement("h3", $"Row {Numbers.Text(row.Row + 1, "N0")}"),
                models.Select((model, i) => Line(model, i, row)))));

    private static XElement Line(ComparedModel model, int i, ComparedRow row) => new(
        "p",
        new XAttribute("class", "words"),
        new XElement(
            "b",
            CurveStyle.Of(i).Swatch(),
            $"{Printable.Text(model.Name)}, perplexity {Numbers.Text(Math.Exp(row.Surprisals[i].Average()), "N1")}"),
        row.Words.Zip(row.Surprisals[i], Word));

    private static XElement Word(string word, double surprisal) => new(
        "span",
        new XAttribute("style", $"--s:{Numbers.Text(Math.Clamp(surprisal / FullColour, 0, 1), "0.##")}"),
        Printable.Text(word),
        new XElement("small", Numbers.Text(surprisal, "F1")));
}
