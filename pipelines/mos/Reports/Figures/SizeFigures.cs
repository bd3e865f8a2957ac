using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Options;
using Mos.Reports.Drawing;

namespace Mos.Reports.Figures;

/// <summary>Perplexity against the embedding size and against the number of experts, if the models differ in them.</summary>
internal static class SizeFigures
{
    private static readonly Axis s_perplexity = new("perplexity", IsLogarithmic: true);

    public static IEnumerable<XElement> Create(IReadOnlyList<ComparedModel> models) =>
    [
        .. Against("d", "embedding size d", models, model => model.EmbeddingSize, model => $"{Head(model)}, K = {model.Experts}"),
        .. Against("K", "experts K", models, model => model.Experts, model => $"{Head(model)}, d = {model.EmbeddingSize}"),
    ];

    /// <summary>A chart in which curves connect models that differ in one size only; no chart if no two models do.</summary>
    /// <param name="symbol">The symbol of the size.</param>
    /// <param name="label">The label of its axis.</param>
    /// <param name="models">All models.</param>
    /// <param name="size">The size.</param>
    /// <param name="others">Head and other sizes, the same for all models of a curve; its name.</param>
    private static IEnumerable<XElement> Against(
        string symbol,
        string label,
        IReadOnlyList<ComparedModel> models,
        Func<ComparedModel, int> size,
        Func<ComparedModel, string> others)
    {
        // An exponential that overflows has no place on an axis.
        Curve[] curves =
        [
            .. models.Where(model => double.IsFinite(model.Metrics.Perplexity)).GroupBy(others)
                .Select((group, i) => new Curve(group.Key, CurveStyle.Of(i), Points(group))),
        ];
        return curves.Any(curve => curve.Points.DistinctBy(point => point.X).Count() > 1)
            ? [Figure.Create(
                $"by-{symbol.ToLowerInvariant()}", $"Perplexity against {symbol}",
                "Curves connect models that differ in nothing else.", new(label), s_perplexity, curves)]
            : [];

        Point[] Points(IEnumerable<ComparedModel> group) =>
            [.. group.OrderBy(size).Select(model => new Point(size(model), model.Metrics.Perplexity))];
    }

    private static string Head(ComparedModel model) => Names.Short($"{model.Head}");
}
