namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How many experts of a mixture scored the tokens of a corpus, and what was left out with the others.</summary>
/// <param name="MeanExperts">Experts for a token, on average.</param>
/// <param name="MeanSkippedPrior">What the priors of the experts sum to that are skipped in the place of a token, on average.</param>
/// <param name="LargestSkippedPrior">The most of it: no probability is off by more.</param>
public sealed record ExpertUse(double MeanExperts, double MeanSkippedPrior, double LargestSkippedPrior);
