namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>A row of the data, word by word.</summary>
/// <param name="Row">Its place in the data, from 0.</param>
/// <param name="Words">Its words as the models know them, and the end-of-sentence mark.</param>
/// <param name="Surprisals">-log P, nats, of each word: first by model.</param>
public sealed record ComparedRow(int Row, IReadOnlyList<string> Words, IReadOnlyList<IReadOnlyList<double>> Surprisals);
