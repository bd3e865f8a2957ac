using System.Xml.Linq;

namespace Mos.Reports;

/// <summary>A report on the rank of models.</summary>
internal static class RankPage
{
    /// <summary>As many as have a style of their own beside the two thresholds.</summary>
    public static int MostModels => RunStyle.Count - 2;

    /// <param name="models">At most <see cref="MostModels"/>.</param>
    public static void Write(TextWriter writer, IReadOnlyList<NamedRank> models) => Page.Write(
        writer,
        $"Rank: {string.Join(", ", models.Select(model => Printable.Text(model.Name)))}",
        new XElement("h1", "Rank of the log-probability matrix"),
        Explanation(),
        RankTable.Create(models),
        new XElement("main", SpectrumFigure.Create(models)));

    public static XElement Explanation() => new(
        "p",
        "The matrix A has log P(word | context), a row for each context. One softmax of embedding size d gives it a rank of at most d + 2: d of " +
        "the embedding, one of the decoder’s bias, one of the normalisation; mixed softmaxes have no such limit. The rank is the number of " +
        "singular values above the expected round-off, σmax √(contexts + words + 1) ε / 2, with the ε of float64, in which A is " +
        "computed, and of float32, as in the paper. The effective rank is exp of the entropy of the singular values divided by their sum.");
}
