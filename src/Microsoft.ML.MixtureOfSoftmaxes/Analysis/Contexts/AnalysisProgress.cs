namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How far an analysis has come.</summary>
/// <param name="Model">The name of the model in work; empty where there is only one.</param>
/// <param name="Stage">What is being computed.</param>
/// <param name="Share">How much of the stage is done, 0 to 1.</param>
public readonly record struct AnalysisProgress(string Model, AnalysisStage Stage, double Share);

/// <summary>The parts of an analysis that take their time.</summary>
public enum AnalysisStage
{
    /// <summary>The likelihood of every word of the data.</summary>
    Scoring,

    /// <summary>Whole next-word distributions after a sample of contexts.</summary>
    Distributions,

    /// <summary>The singular values of a matrix: reported when they begin, and when they are done. Cancellation waits for them.</summary>
    SingularValues,
}
