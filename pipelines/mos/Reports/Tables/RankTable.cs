using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Options;

namespace Mos.Reports.Tables;

/// <summary>The rank of a model, and the name under which the model is shown.</summary>
internal sealed record NamedRank(string Name, RankAnalysis Rank);

/// <summary>The figures of a rank analysis: a row for each model.</summary>
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

    /// <summary>Says what the figures mean.</summary>
    public static XElement Explanation() => new(
        "p",
        "The matrix A has log P(word | context), a row for each context. One softmax of embedding size d gives it a rank of " +
        "at most d + 2: d of the embedding, one of the decoder’s bias, one of the normalisation; mixed softmaxes have no such " +
        "limit. The rank is the number of singular values above the expected round-off, σmax √(contexts + words + 1) ε / 2, " +
        "with the ε of float64, in which A is computed, and of float32, as in the paper. The effective rank is exp of the " +
        "entropy of the singular values divided by their sum.");
}
