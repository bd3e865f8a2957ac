using static Microsoft.ML.MixtureOfSoftmaxes.OptionRange;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// How a model adapts to the text it reads (dynamic evaluation; Krause et al., 2018): after every few tokens each weight w takes the step
/// w += lambda r (w0 - w) - eta g / (s + epsilon), with g the gradient of their mean loss, w0 the trained weight, s the root of the summed
/// squares of its gradients on training data, and r in proportion to s. The defaults are those published for Penn Treebank.
/// </summary>
public sealed record DynamicEvaluationOptions
{
    /// <summary>eta: how far to go against the gradient. Default 0.002; at least 0, and 0 with a decay of 0 is the model as it is.</summary>
    public double LearningRate { get; init; } = 0.002;

    /// <summary>lambda: how strongly weights are drawn back to the trained ones. Default 0.075, 0.02 for WikiText-2; at least 0.</summary>
    public double DecayRate { get; init; } = 0.075;

    /// <summary>epsilon: bounds the steps of weights whose gradients are small. Default 0.001, 0.002 for WikiText-2; above 0.</summary>
    public double Epsilon { get; init; } = 0.001;

    /// <summary>
    /// Tokens between steps, and time steps of a gradient of the statistics; back-propagation ends at their start. Default 5; 1 to 10,000.
    /// </summary>
    public int SegmentLength { get; init; } = 5;

    /// <summary>
    /// Columns in which training data is read side by side for the statistics, fewer where it is short: a gradient is that of the mean
    /// loss of as many segments. Default 100; 1 to 10,000.
    /// </summary>
    public int StatisticsBatchSize { get; init; } = 100;

    internal void Validate()
    {
        AtLeast(LearningRate, 0);
        AtLeast(DecayRate, 0);
        Positive(Epsilon);
        Range(SegmentLength, 1, 10_000);
        Range(StatisticsBatchSize, 1, 10_000);
    }
}
