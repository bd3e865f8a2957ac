using System.Xml.Linq;
using Mos.Options;

namespace Mos.Reports;

/// <summary>A row of ranks for each model.</summary>
internal static class RankTable
{
    public static IReadOnlyList<(string Header, Func<NamedRank, string> Cell)> Columns { get; } =
    [
        ("head", model => Names.Short($"{model.Rank.Head}")),
        ("d", model => Numbers.Text(model.Rank.EmbeddingSize, "N0")),
        ("softmaxes", model => Numbers.Text(model.Rank.Softmaxes, "N0")),
        ("contexts", model => Numbers.Text(model.Rank.ContextCount, "N0")),
        ("words", model => Numbers.Text(model.Rank.VocabularySize, "N0")),
        ("rank", model => Numbers.Text(model.Rank.Rank, "N0")),
        ("at most", model => Numbers.Text(model.Rank.RankLimit, "N0")),
        ("in float32", model => Numbers.Text(model.Rank.RankInSinglePrecision, "N0")),
        ("effective", model => Numbers.Text(model.Rank.EffectiveRank, "N1")),
        ("of logits", model => model.Rank.LogitRank is int rank ? Numbers.Text(rank, "N0") : ""),
    ];

    public static XElement Create(IReadOnlyList<NamedRank> models) =>
        FigureTable.Create("model", Columns, models, (model, i) => FigureTable.Named(model.Name, i));
}
