namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How the run went that trained a model; where it was resumed, from its beginning.</summary>
/// <param name="End">What ended it.</param>
/// <param name="Epochs">Passes over the data, fine-tuning included; the last may be in part.</param>
/// <param name="Tokens">Tokens trained on.</param>
/// <param name="Elapsed">The time it took.</param>
/// <param name="ValidationPerplexity">That of the weights that were kept, the lowest of the run; null if there was no validation.</param>
public sealed record TrainingSummary(TrainingEnd End, int Epochs, long Tokens, TimeSpan Elapsed, double? ValidationPerplexity);
