using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Reports;

/// <summary>Rows of text with every word coloured by its surprisal, and the number below it.</summary>
internal static class SurprisalText
{
    // Nats from which the colour is full: a word as rare as one in 160,000.
    private const double Full = 12;

    /// <param name="title">What the rows have in common.</param>
    /// <param name="remark">How they were chosen.</param>
    public static XElement? Section(string title, string remark, IReadOnlyList<ComparedModel> models, IReadOnlyList<ComparedRow> rows) =>
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
            Swatch.Of(RunStyle.Of(i)),
            $"{Printable.Text(model.Name)}, perplexity {Numbers.Text(Math.Exp(row.Surprisals[i].Average()), "N1")}"),
        row.Words.Zip(row.Surprisals[i], (word, surprisal) => Word(word, surprisal)));

    /// <summary>A word with a colour as strong as its surprisal.</summary>
    public static XElement Word(string word, double surprisal) => new(
        "span",
        new XAttribute("style", $"--s:{Numbers.Text(Math.Clamp(surprisal / Full, 0, 1), "0.##")}"),
        Printable.Text(word),
        new XElement("small", Numbers.Text(surprisal, "F1")));
}
