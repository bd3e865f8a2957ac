using System.Text.Json.Serialization;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Words that occur about equally often in the data.</summary>
/// <param name="MinCount">The fewest occurrences of a word of the band.</param>
/// <param name="MaxCount">The most occurrences of one.</param>
/// <param name="WordCount">Different words, the two marks included.</param>
/// <param name="TokenCount">Their occurrences together.</param>
public sealed record FrequencyBand(
    [property: JsonPropertyName("least")] long MinCount, [property: JsonPropertyName("most")] long MaxCount, int WordCount, long TokenCount);
