using System.Xml.Linq;

namespace Mos.Reports;

/// <summary>The singular values of log-probability matrices, and below which they are round-off.</summary>
internal static class SpectrumFigure
{
    // Of the largest singular value: less is nothing but noise in float64.
    private const double Floor = 1e-18;

    private static readonly Axis s_index = new("singular value, by size");
    private static readonly Axis s_value = new("of the largest", IsLogarithmic: true);

    public static XElement Create(IReadOnlyList<NamedRank> models) => Figure.Create(
        "spectrum",
        "Singular values of log P",
        "Each divided by the largest. The rank is where a curve falls below the expected round-off; a limited rank is a cliff.",
        s_index,
        s_value,
        [
            .. models.Select((model, i) => new Curve(model.Name, RunStyle.Of(i), Points(model))),
            Threshold("round-off in float32", models, models.Count, model => model.Rank.ThresholdInSinglePrecision),
            Threshold("round-off in float64", models, models.Count + 1, model => model.Rank.Threshold),
        ]);

    private static Point[] Points(NamedRank model)
    {
        IReadOnlyList<double> values = model.Rank.SingularValues;
        return [.. values.Select((value, i) => new Point(i + 1, value / values[0])).Where(point => point.Y >= Floor)];
    }

    /// <summary>The highest of the models' thresholds; with equal numbers of contexts and words they are one.</summary>
    private static Curve Threshold(string name, IReadOnlyList<NamedRank> models, int style, Func<NamedRank, double> threshold)
    {
        double share = models.Max(model => threshold(model) / model.Rank.SingularValues[0]);
        int last = models.Max(model => model.Rank.SingularValues.Count);
        return new(name, RunStyle.Of(style), [new(1, share), new(last, share)]);
    }
}
