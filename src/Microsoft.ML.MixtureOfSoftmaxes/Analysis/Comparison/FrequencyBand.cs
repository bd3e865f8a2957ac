namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Words that occur about equally often in the data.</summary>
/// <param name="Least">The fewest occurrences of a word of the band.</param>
/// <param name="Most">The most.</param>
/// <param name="WordCount">Different words, marks among them.</param>
/// <param name="TokenCount">Their occurrences together.</param>
public sealed record FrequencyBand(long Least, long Most, int WordCount, long TokenCount);
