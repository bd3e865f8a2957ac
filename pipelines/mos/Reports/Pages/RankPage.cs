using System.Xml.Linq;
using Mos.Reports.Figures;
using Mos.Reports.Tables;

namespace Mos.Reports.Pages;

/// <summary>The page of <c>mos rank</c>.</summary>
internal static class RankPage
{
    /// <param name="writer">Takes the HTML.</param>
    /// <param name="models">At least one, at most <see cref="SpectrumFigure.MaxModels"/>.</param>
    public static void Write(TextWriter writer, IReadOnlyList<NamedRank> models)
    {
        (NamedRank, int)[] mixed = PriorTable.Rows(models);
        Page.Write(
            writer,
            $"Rank: {string.Join(", ", models.Select(model => Printable.Text(model.Name)))}",
            new XElement("h1", "Rank of the log-probability matrix"),
            RankTable.Explanation(),
            RankTable.Create(models),
            new XElement("main", SpectrumFigure.Create(models), mixed.Length == 0 ? null : PriorFigure.Create(mixed)),
            mixed.Length == 0
                ? null
                : new XElement("section", new XElement("h2", "Priors"), PriorTable.Explanation(), PriorTable.Create(mixed)));
    }
}
