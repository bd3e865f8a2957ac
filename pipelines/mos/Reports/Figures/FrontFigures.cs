using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Reports.Drawing;
using Mos.Sweeps;

namespace Mos.Reports.Figures;

/// <summary>Perplexity against each cost, and the front of the configurations that no other one beats.</summary>
internal static class FrontFigures
{
    public static IEnumerable<XElement> Create(SweepSummary summary, IReadOnlyDictionary<string, Marker> markers) =>
        Cost.All.Select(cost => Create(cost, summary, markers));

    private static XElement Create(Cost cost, SweepSummary summary, IReadOnlyDictionary<string, Marker> markers)
    {
        string title = $"Perplexity against {cost.Title}";
        MarkedPoint[] points =
        [
            .. from one in summary.Configurations
               where cost.Of(one) is > 0 and < double.PositiveInfinity && double.IsFinite(one.Perplexity)
               select Mark(one, cost, markers[one.Head]),
        ];
        return points.Length == 0
            ? Figure.Empty(title, "Nothing of it is known yet.")
            : new(
                "figure",
                new XElement("h2", title),
                new XElement("p", cost.Remark),
                ScatterDrawing.Draw($"by-{cost.Name}", title, cost.Label, "test perplexity", points, summary.Floor),
                new XElement("figcaption", markers.Select(head => new XElement("span", head.Value.Swatch(), Printable.Text(head.Key)))));
    }

    private static MarkedPoint Mark(SweptConfiguration one, Cost cost, Marker marker)
    {
        double[] parts = one.Runs.Count == 1 ? [] : [.. one.Runs.Select(run => run.Result.Perplexity)];
        (double low, double high) = one.PerplexityInterval is ConfidenceInterval { High: < double.PositiveInfinity } interval
            ? (interval.Low, interval.High)
            : (one.Perplexity, one.Perplexity);
        string name = $"{Printable.Text(one.Head)}, K {one.Experts}, d {one.EmbeddingSize}: {Numbers.Text(one.Perplexity, "F2")} at " +
            $"{Numbers.Short(cost.Of(one)!.Value)}";
        return new(
            name, $"{one.Experts}/{one.EmbeddingSize}", marker, new(cost.Of(one)!.Value, one.Perplexity), low, high, parts,
            one.Fronts.Contains(cost.Name));
    }
}
