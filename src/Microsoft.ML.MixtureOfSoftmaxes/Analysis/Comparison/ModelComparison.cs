using System.Text.Json.Serialization;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Several models on the same data.</summary>
/// <param name="Models">In the order given; the first is the one that the others are compared with.</param>
/// <param name="Bands">The words of the data by how often they occur in it, rarest first.</param>
/// <param name="Disagreements">The words whose log-probabilities differ most between models, at most one per row; none for one model.</param>
/// <param name="Worst">The rows that the models find most surprising, by their mean cross-entropy, among those of at least 5 tokens.</param>
/// <param name="Best">The rows that they find least surprising.</param>
public sealed record ModelComparison(
    IReadOnlyList<ComparedModel> Models,
    IReadOnlyList<FrequencyBand> Bands,
    IReadOnlyList<Disagreement> Disagreements,
    IReadOnlyList<ComparedRow> Worst,
    IReadOnlyList<ComparedRow> Best);

/// <summary>A row of the data, word by word.</summary>
/// <param name="Row">Its place in the data, from 0.</param>
/// <param name="Words">Its words as the models know them, and the end-of-sentence mark.</param>
/// <param name="Surprisals">-log P, nats, of each word: first by model.</param>
public sealed record ComparedRow(int Row, IReadOnlyList<string> Words, IReadOnlyList<IReadOnlyList<double>> Surprisals);

/// <summary>A word that the models give different probabilities.</summary>
/// <param name="Row">Its row in the data, from 0.</param>
/// <param name="Context">The words of the row before it.</param>
/// <param name="Word">The word, or the end-of-sentence mark.</param>
/// <param name="LogProbabilities">log P, nats, of each model.</param>
public sealed record Disagreement(int Row, IReadOnlyList<string> Context, string Word, IReadOnlyList<double> LogProbabilities);

/// <summary>Words that occur about equally often in the data.</summary>
/// <param name="MinCount">The fewest occurrences of a word of the band.</param>
/// <param name="MaxCount">The most occurrences of one.</param>
/// <param name="WordCount">Different words, the two marks included.</param>
/// <param name="TokenCount">Their occurrences together.</param>
public sealed record FrequencyBand(
    [property: JsonPropertyName("least")] long MinCount, [property: JsonPropertyName("most")] long MaxCount, int WordCount, long TokenCount);
