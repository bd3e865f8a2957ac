using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Reports.Drawing;
using Mos.Reports.Figures;
using Mos.Reports.Runs;
using Mos.Reports.Tables;

namespace Mos.Reports.Pages;

/// <summary>The page of <c>mos compare</c>.</summary>
internal static class ComparisonPage
{
    /// <param name="writer">Takes the HTML.</param>
    /// <param name="comparison">At most <see cref="SpectrumFigure.MaxModels"/> models, compared.</param>
    /// <param name="runs">The training runs of models; may be empty.</param>
    public static void Write(TextWriter writer, ModelComparison comparison, IReadOnlyList<LoggedRun> runs)
    {
        IReadOnlyList<ComparedModel> models = comparison.Models;
        NamedRank[] ranks =
        [
            .. from model in models
               where model.Rank is not null
               select new NamedRank(model.Name, model.Rank!),
        ];
        Page.Write(
            writer,
            $"Comparison: {string.Join(", ", models.Select(model => Printable.Text(model.Name)))}",
            new XElement("h1", "Models compared"),
            Data(models[0]),
            ComparisonTable.Create(ComparisonTable.Quality, models),
            ComparisonTable.Create(ComparisonTable.Cost, models),
            new XElement(
                "main", Intervals(models), SizeFigures.Create(models), ranks.Length == 0 ? null : SpectrumFigure.Create(ranks)),
            Bands(comparison),
            ranks.Length == 0 ? null : Section("Rank", RankTable.Explanation(), RankTable.Create(ranks)),
            DisagreementSection.Create(comparison),
            SurprisalText.Section("Most surprising rows", Remark("highest"), models, comparison.Worst),
            SurprisalText.Section("Least surprising rows", Remark("lowest"), models, comparison.Best),
            runs.Count == 0 ? null : Training(runs));
    }

    private static XElement Data(ComparedModel model) => new(
        "p",
        $"{Numbers.Text(model.Metrics.RowCount, "N0")} rows, {Numbers.Text(model.Metrics.TokenCount, "N0")} tokens, " +
        $"{Numbers.Text(model.Metrics.OutOfVocabularyCount, "N0")} of them unknown words. Intervals are by the paired " +
        "bootstrap over rows; a ratio is of a model’s perplexity to the first model’s. Pairwise KL is the mean divergence, in " +
        "nats, between a model’s next-word distributions after two different contexts.");

    // An exponential that overflows has no place on an axis.
    private static XElement Intervals(IReadOnlyList<ComparedModel> models) => models.All(model => double.IsFinite(model.PerplexityInterval.High))
        ? new(
            "figure",
            new XElement("h2", "Perplexity"),
            new XElement(
                "p",
                "With confidence intervals by the bootstrap. Those of different models vary together, as the rows are the same, " +
                "so compare models by the ratios."),
            IntervalDrawing.Draw(
                "perplexity", "Perplexity", "perplexity",
                [.. models.Select(model => (model.Name, model.Metrics.Perplexity, model.PerplexityInterval))]))
        : Figure.Empty("Perplexity", "A perplexity is too large for a number, so there is no axis for them.");

    private static XElement Bands(ModelComparison comparison) => Section(
        "Perplexity by word frequency",
        new XElement("p", "Words by how often they occur in the data, with the marks for unknown words and ends of sentences."),
        BandTable.Create(comparison));

    private static string Remark(string extreme) =>
        $"The rows of at least five tokens with the {extreme} mean cross-entropy over the models. Below each word: its " +
        "surprisal, -log P in nats.";

    private static XElement Training(IReadOnlyList<LoggedRun> runs) => Section(
        "Training",
        new XElement("p", "From the logs of the runs."),
        SummaryTable.Create(runs),
        new XElement("main", RunFigures.Create(runs)));

    private static XElement Section(string title, params XElement[] content) =>
        new("section", new XElement("h2", title), content);
}
