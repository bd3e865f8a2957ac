namespace Microsoft.ML.MixtureOfSoftmaxes.Generation;

/// <summary>A word that a model generated.</summary>
/// <param name="Word">The word, or the end-of-sentence mark.</param>
/// <param name="LogProbability">
/// log P of the word given all before it, nats: the model's own, before temperature and cuts, so that the sum over a text is the
/// log-likelihood that scoring gives it.
/// </param>
/// <param name="IsEndOfSentence">Whether it is the end-of-sentence mark.</param>
public readonly record struct GeneratedWord(string Word, double LogProbability, bool IsEndOfSentence);
