namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>What a comparison found about one model.</summary>
public sealed record ComparedModel
{
    /// <summary>As the caller calls it.</summary>
    public required string Name { get; init; }

    /// <summary>How the model turns contexts into distributions.</summary>
    public required LanguageModelHead Head { get; init; }

    /// <summary>d.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>K, the mixed softmaxes or contexts; 1 for one softmax.</summary>
    public required int Experts { get; init; }

    /// <summary>Trainable numbers, the tied embedding counted once.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>Those of <c>Evaluate</c> where every token counts, whatever the model's scoring options leave out.</summary>
    public required LanguageModelMetrics Metrics { get; init; }

    /// <summary>The confidence interval of the perplexity, as <c>Evaluate</c> gives it.</summary>
    public required ConfidenceInterval PerplexityInterval { get; init; }

    /// <summary>The perplexity divided by the first model's.</summary>
    public required double Ratio { get; init; }

    /// <summary>The confidence interval of the ratio: both perplexities of a resample are of the same rows, so what rows share cancels.</summary>
    public required ConfidenceInterval RatioInterval { get; init; }

    /// <summary>
    /// Time to score one token, seconds: mean over the data, in the model's scoring context and with the threads in use, after a warm-up.
    /// Data that is scored in less than half a second is scored several times, and the fastest counts.
    /// </summary>
    public required double SecondsPerToken { get; init; }

    /// <summary>
    /// The most memory that the process held while this model scored, looked at every 10 ms: what else is loaded is part of it.
    /// </summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>
    /// Mean KL divergence, nats, between the model's next-word distributions after two different contexts: how much its distributions
    /// depend on the context (paper, comparison of MoS, MoC and softmax by it).
    /// </summary>
    public required double PairwiseDivergence { get; init; }

    /// <summary>Perplexity over the tokens of each of <see cref="ModelComparison.Bands"/>.</summary>
    public required IReadOnlyList<double> BandPerplexities { get; init; }

    /// <summary>Null where it was not asked for.</summary>
    public required RankAnalysis? Rank { get; init; }
}
