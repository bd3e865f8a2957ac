namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Several models on the same data.</summary>
/// <param name="Models">In the order given; the first is the one that the others are compared with.</param>
/// <param name="Bands">The words of the data by how often they occur in it, rarest first.</param>
/// <param name="Disagreements">The words whose log-probabilities differ most between models, at most one a row; none for one model.</param>
/// <param name="Worst">The rows that the models find most surprising, by their mean cross-entropy, among those of at least 5 tokens.</param>
/// <param name="Best">The rows that they find least surprising.</param>
public sealed record ModelComparison(
    IReadOnlyList<ComparedModel> Models,
    IReadOnlyList<FrequencyBand> Bands,
    IReadOnlyList<Disagreement> Disagreements,
    IReadOnlyList<ComparedRow> Worst,
    IReadOnlyList<ComparedRow> Best);
