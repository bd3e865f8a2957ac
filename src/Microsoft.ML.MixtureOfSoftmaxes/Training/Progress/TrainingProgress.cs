namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Where a training run stands.</summary>
/// <param name="Epoch">The epoch in work, from 1.</param>
/// <param name="MaximumEpochs">The limit of epochs.</param>
/// <param name="Step">Steps done in this epoch.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="Tokens">Tokens trained on in all.</param>
/// <param name="Loss">Mean negative log-likelihood of this epoch's tokens so far, nats, with dropout on.</param>
/// <param name="ValidationPerplexity">exp of the validation loss at the end of an epoch; null elsewhere or without validation data.</param>
/// <param name="LearningRate">The rate in use.</param>
/// <param name="TokensPerSecond">The mean speed of the run.</param>
/// <param name="Elapsed">The time since the start.</param>
/// <param name="Remaining">The estimated time left if training runs to its limit.</param>
public sealed record TrainingProgress(
    int Epoch,
    int MaximumEpochs,
    int Step,
    int StepsPerEpoch,
    long Tokens,
    double Loss,
    double? ValidationPerplexity,
    double LearningRate,
    double TokensPerSecond,
    TimeSpan Elapsed,
    TimeSpan Remaining)
{
    /// <summary>Steps done in all epochs.</summary>
    public long Steps { get; init; }

    /// <summary>The norm of the gradient of the last step, before it was clipped; null before the first step of a session.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>exp of the loss.</summary>
    public double Perplexity => Math.Exp(Loss);

    /// <summary>Whether an epoch has just ended.</summary>
    public bool IsEpochEnd => Step == StepsPerEpoch;
}
