namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Where a figure lies with the confidence asked for.</summary>
public readonly record struct ConfidenceInterval(double Low, double High);
