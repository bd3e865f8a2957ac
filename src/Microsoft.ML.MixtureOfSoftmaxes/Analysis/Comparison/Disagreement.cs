namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>A word that the models give different probabilities.</summary>
/// <param name="Row">Its row in the data, from 0.</param>
/// <param name="Context">The words of the row before it.</param>
/// <param name="Word">The word, or the end-of-sentence mark.</param>
/// <param name="LogProbabilities">log P, nats, of each model.</param>
public sealed record Disagreement(int Row, IReadOnlyList<string> Context, string Word, IReadOnlyList<double> LogProbabilities);
