namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How far an analysis has come.</summary>
/// <param name="Model">The name of the model in work; empty where there is but one.</param>
/// <param name="Stage">What is being computed.</param>
/// <param name="Share">How much of the stage is done, 0 to 1.</param>
public readonly record struct AnalysisProgress(string Model, AnalysisStage Stage, double Share);
