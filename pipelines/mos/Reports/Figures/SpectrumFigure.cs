using System.Xml.Linq;
using Mos.Reports.Drawing;
using Mos.Reports.Tables;

namespace Mos.Reports.Figures;

/// <summary>The singular values of log-probability matrices, and the thresholds below which they are round-off.</summary>
internal static class SpectrumFigure
{
    /// <summary>Singular values below this share of the largest are noise even in float64, and not drawn.</summary>
    private const double Floor = 1e-18;

    private static readonly Axis s_index = new("singular value, by size");
    private static readonly Axis s_value = new("of the largest", IsLogarithmic: true);

    /// <summary>How many models can be told apart: each has a style of its own, and so have the two thresholds.</summary>
    public static int MaxModels => CurveStyle.Count - 2;

    /// <param name="models">At least one, at most <see cref="MaxModels"/>.</param>
    public static XElement Create(IReadOnlyList<NamedRank> models) => Figure.Create(
        "spectrum",
        "Singular values of log P",
        "Each divided by the largest. The rank is where a curve falls below the expected round-off; a limited rank is a cliff.",
        s_index,
        s_value,
        [
            .. models.Select((model, i) => new Curve(model.Name, CurveStyle.Of(i), Points(model))),
            Threshold("round-off in float32", models, models.Count, model => model.Rank.ThresholdInSinglePrecision),
            Threshold("round-off in float64", models, models.Count + 1, model => model.Rank.Threshold),
        ]);

    private static Point[] Points(NamedRank model)
    {
        IReadOnlyList<double> values = model.Rank.SingularValues;
        return [.. values.Select((value, i) => new Point(i + 1, value / values[0])).Where(point => point.Y >= Floor)];
    }

    /// <summary>The highest threshold of all models. Models with as many contexts and words have the same one.</summary>
    private static Curve Threshold(string name, IReadOnlyList<NamedRank> models, int style, Func<NamedRank, double> threshold)
    {
        double share = models.Max(model => threshold(model) / model.Rank.SingularValues[0]);
        int last = models.Max(model => model.Rank.SingularValues.Count);
        return new(name, CurveStyle.Of(style), [new(1, share), new(last, share)]);
    }
}
