using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;

namespace Mos.Reports;

/// <summary>A report on models that were compared.</summary>
internal static class ComparisonPage
{
    /// <param name="comparison">Of at most <see cref="RankPage.MostModels"/> models.</param>
    /// <param name="runs">How models were trained; empty for nothing known.</param>
    public static void Write(TextWriter writer, ModelComparison comparison, IReadOnlyList<Run> runs)
    {
        IReadOnlyList<ComparedModel> models = comparison.Models;
        NamedRank[] ranks = [.. models.Where(model => model.Rank is not null).Select(model => new NamedRank(model.Name, model.Rank!))];
        Page.Write(
            writer,
            $"Comparison: {string.Join(", ", models.Select(model => Printable.Text(model.Name)))}",
            new XElement("h1", "Models compared"),
            Data(models[0]),
            ComparisonTable.Create(ComparisonTable.Quality, models),
            ComparisonTable.Create(ComparisonTable.Cost, models),
            new XElement("main", Intervals(models), SizeFigures.Create(models), ranks.Length == 0 ? null : SpectrumFigure.Create(ranks)),
            Section("Perplexity by word frequency", "Words by how often they occur in the data, marks among them.", BandTable.Create(comparison)),
            ranks.Length == 0 ? null : new XElement("section", new XElement("h2", "Rank"), RankPage.Explanation(), RankTable.Create(ranks)),
            DisagreementSection.Create(comparison),
            SurprisalText.Section("Most surprising rows", Remark("highest"), models, comparison.Worst),
            SurprisalText.Section("Least surprising rows", Remark("lowest"), models, comparison.Best),
            runs.Count == 0 ? null : Section(
                "Training", "From the logs of the runs.", SummaryTable.Create(runs), new XElement("main", ReportPage.Figures(runs))));
    }

    private static string Remark(string extreme) =>
        $"Those of at least five tokens with the {extreme} mean cross-entropy over the models. Below each word its surprisal, -log P in nats.";

    private static XElement Data(ComparedModel model) => new(
        "p",
        $"{Numbers.Text(model.Metrics.RowCount, "N0")} rows, {Numbers.Text(model.Metrics.TokenCount, "N0")} tokens, " +
        $"{Numbers.Text(model.Metrics.OutOfVocabularyCount, "N0")} of them unknown words. Intervals are by the paired bootstrap over rows; a ratio " +
        "is of a model’s perplexity to the first model’s. Pairwise KL is the mean divergence, in nats, between a model’s next-word " +
        "distributions after two different contexts.");

    private static XElement Intervals(IReadOnlyList<ComparedModel> models) => new(
        "figure",
        new XElement("h2", "Perplexity"),
        new XElement("p", "With the confidence interval of the bootstrap; what rows share is in all of them, so compare by the ratios."),
        IntervalDrawing.Draw(
            "perplexity", "Perplexity", "perplexity", [.. models.Select(model => (model.Name, model.Metrics.Perplexity, model.PerplexityInterval))]));

    private static XElement Section(string title, string remark, params object[] content) =>
        new("section", new XElement("h2", title), new XElement("p", remark), content);
}
