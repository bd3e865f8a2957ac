using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Mos.Options;

namespace Mos.Reports;

/// <summary>Perplexity against the embedding size and against the number of experts, where the models differ in it.</summary>
internal static class SizeFigures
{
    private static readonly Axis s_perplexity = new("perplexity", IsLogarithmic: true);

    public static IEnumerable<XElement> Create(IReadOnlyList<ComparedModel> models) =>
    [
        .. Against(models, "by-d", "d", "embedding size d", model => model.EmbeddingSize, model => $"{Head(model)}, K = {model.Experts}"),
        .. Against(models, "by-k", "K", "experts K", model => model.Experts, model => $"{Head(model)}, d = {model.EmbeddingSize}"),
    ];

    /// <summary>A chart whose curves join the models that are alike but for the size; none if no two are.</summary>
    private static IEnumerable<XElement> Against(
        IReadOnlyList<ComparedModel> models, string id, string symbol, string label, Func<ComparedModel, int> size, Func<ComparedModel, string> alike)
    {
        Curve[] curves = [.. models.GroupBy(alike).Select((group, i) => new Curve(group.Key, RunStyle.Of(i), [.. group
            .OrderBy(size)
            .Select(model => new Point(size(model), model.Metrics.Perplexity))]))];
        return curves.Any(curve => curve.Points.DistinctBy(point => point.X).Count() > 1)
            ? [Figure.Create(id, $"Perplexity against {symbol}", "Models that are alike otherwise are joined.", new(label), s_perplexity, curves)]
            : [];
    }

    private static string Head(ComparedModel model) => Names.Short($"{model.Head}");
}
