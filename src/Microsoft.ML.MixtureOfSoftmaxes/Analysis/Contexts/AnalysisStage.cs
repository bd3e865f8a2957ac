namespace Microsoft.ML.MixtureOfSoftmaxes;

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
