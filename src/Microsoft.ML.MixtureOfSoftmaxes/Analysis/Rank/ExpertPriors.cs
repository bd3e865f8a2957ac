namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How uneven the priors of a mixture are, over contexts: whether experts can be skipped.</summary>
/// <param name="Sorted">
/// K means over the contexts: of the largest prior of each, of the second largest, and so on, whichever experts have them. They sum to 1.
/// </param>
/// <param name="Needed">How many experts are needed for nearly all of the prior, for shares that are left out from small to large.</param>
public sealed record ExpertPriors(IReadOnlyList<double> Sorted, IReadOnlyList<ExpertsNeeded> Needed);

/// <summary>
/// How many experts are left where those of the smallest priors are skipped, as <see cref="ScoringOptions.SkippedPrior"/> skips them.
/// </summary>
/// <param name="SkippedPrior">The most that the priors of those that are skipped sum to.</param>
/// <param name="Mean">How many are left, on average over the contexts.</param>
/// <param name="Most">How many are left of the context that needs most.</param>
public sealed record ExpertsNeeded(double SkippedPrior, double Mean, int Most);
