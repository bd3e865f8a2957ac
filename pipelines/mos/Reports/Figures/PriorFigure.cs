using System.Xml.Linq;
using Mos.Reports.Drawing;
using Mos.Reports.Tables;

namespace Mos.Reports.Figures;

/// <summary>The priors of mixtures, largest first.</summary>
internal static class PriorFigure
{
    private static readonly Axis s_index = new("softmax, by its prior");
    private static readonly Axis s_prior = new("prior, mean over contexts");

    /// <param name="rows">At least one, as <see cref="PriorTable.Rows"/> gives them.</param>
    public static XElement Create(IReadOnlyList<(NamedRank Model, int Index)> rows) => Figure.Create(
        "priors",
        "Priors of the softmaxes",
        "Sorted in each context, then averaged. Where few have nearly all, the others can be skipped.",
        s_index,
        s_prior,
        [
            .. rows.Select(row => new Curve(
                row.Model.Name, CurveStyle.Of(row.Index), [.. row.Model.Rank.Priors!.Sorted.Select((prior, i) => new Point(i + 1, prior))])),
        ]);
}
