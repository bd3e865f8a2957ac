using System.Xml.Linq;
using Mos.Output;

namespace Mos.Reports.Tables;

/// <summary>How uneven the priors of mixtures are: a row for each model that mixes softmaxes.</summary>
internal static class PriorTable
{
    // The chart has the others.
    private const int Largest = 3;

    /// <summary>The columns for some models, whose analyses leave out the same shares.</summary>
    public static IReadOnlyList<(string Header, Func<NamedRank, string> Cell)> Columns(IReadOnlyList<NamedRank> models) =>
    [
        ("softmaxes", model => Numbers.Text(model.Rank.Softmaxes, "N0")),
        .. Enumerable.Range(0, Largest).Select(i => ($"prior {i + 1}", (Func<NamedRank, string>)(model => Prior(model, i)))),
        .. models[0].Rank.Priors!.Needed.Select((needed, i) => (
            $"for {Numbers.Text(1 - needed.SkippedPrior, "0.# %")}",
            (Func<NamedRank, string>)(model => Numbers.Text(model.Rank.Priors!.Needed[i].Mean, "N1")))),
    ];

    /// <summary>The models that mix softmaxes, each with its number among all.</summary>
    public static (NamedRank Model, int Index)[] Rows(IEnumerable<NamedRank> models) =>
        [.. models.Select((model, i) => (model, i)).Where(row => row.model.Rank.Priors is not null)];

    public static void Write(TextWriter writer, IReadOnlyList<NamedRank> models)
    {
        NamedRank[] mixed = [.. Rows(models).Select(row => row.Model)];
        if (mixed.Length > 0)
        {
            writer.WriteLine();
            TextTable.Write(writer, "priors", Columns(mixed), mixed, model => model.Name);
        }
    }

    /// <summary>Says what the figures mean.</summary>
    public static XElement Explanation() => new(
        "p",
        "The largest priors of each context, on average, whichever softmaxes have them; and how many softmaxes are needed on average for a " +
        "share of the prior, where those of the smallest priors are skipped.");

    /// <param name="rows">At least one.</param>
    public static XElement Create(IReadOnlyList<(NamedRank Model, int Index)> rows)
    {
        NamedRank[] models = [.. rows.Select(row => row.Model)];
        return FigureTable.Create("model", Columns(models), models, (model, i) => FigureTable.Named(model.Name, rows[i].Index));
    }

    private static string Prior(NamedRank model, int i) =>
        model.Rank.Priors!.Sorted is { } sorted && i < sorted.Count ? Numbers.Text(sorted[i], "0.000") : FigureTable.None;
}
