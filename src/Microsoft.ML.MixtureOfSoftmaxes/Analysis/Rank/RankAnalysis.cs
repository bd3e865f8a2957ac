using Microsoft.ML.MixtureOfSoftmaxes.Analysis;

namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>
/// The rank of a model on data: of the matrix A[c,x] = log P(x|c), N contexts by V words, computed in float64 from the model's weights
/// and hidden states (paper, section 2).
/// </summary>
public sealed record RankAnalysis
{
    /// <summary>How the model turns contexts into distributions.</summary>
    public required LanguageModelHead Head { get; init; }

    /// <summary>d.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>K, the softmaxes that are mixed: 1 but for a mixture of softmaxes.</summary>
    public required int Softmaxes { get; init; }

    /// <summary>J, the partitions of the vocabulary that have contexts of their own: 1 but for a multi-facet softmax.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>N, the rows of A.</summary>
    public required int ContextCount { get; init; }

    /// <summary>V, the columns of A.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The singular values of A, min(N, V) of them, largest first.</summary>
    public required IReadOnlyList<double> SingularValues { get; init; }

    /// <summary>How many singular values are above the <see cref="Threshold"/>.</summary>
    public required int Rank { get; init; }

    /// <summary>sigma_max sqrt(N + V + 1) eps / 2 with the eps of float64, the expected round-off.</summary>
    public required double Threshold { get; init; }

    /// <summary>The same with the eps of float32.</summary>
    public double ThresholdInSinglePrecision => Threshold * (NumericalRank.SingleEpsilon / NumericalRank.DoubleEpsilon);

    /// <summary>
    /// How many singular values are above <see cref="ThresholdInSinglePrecision"/>: the paper's figure, whose matrix was computed in
    /// float32, so that smaller ones could not be told from round-off.
    /// </summary>
    public required int RankInSinglePrecision { get; init; }

    /// <summary>exp of the entropy of the singular values divided by their sum (Roy and Vetterli, 2007).</summary>
    public required double EffectiveRank { get; init; }

    /// <summary>
    /// The rank of the logits h . w + b before any softmax, [N K, V]: at most J d + 1, the bias being the weight of one more dimension
    /// that is always 1. Null for Mixtape, whose logits are no such product.
    /// </summary>
    public required int? LogitRank { get; init; }

    /// <summary>How uneven the priors of the softmaxes are; null where there is one.</summary>
    public required ExpertPriors? Priors { get; init; }

    /// <summary>
    /// The most that <see cref="Rank"/> can be. One softmax: J d + 2, which is d of the embedding for each partition, one of the decoder's bias and
    /// one of the normalisation (the theorem's d + 1 is for a decoder without a bias). Mixed softmaxes, sigsoftmax, Mixtape and Plif: no such limit.
    /// Never above min(N, V).
    /// </summary>
    public int RankLimit => (int)Math.Min(
        Math.Min(ContextCount, VocabularySize), IsOneSoftmaxOfAProduct ? ((long)Partitions * EmbeddingSize) + 2 : int.MaxValue);

    private bool IsOneSoftmaxOfAProduct =>
        Softmaxes == 1 && Head is not (LanguageModelHead.MixtureOfSigSoftmaxes or LanguageModelHead.Mixtape or LanguageModelHead.Plif);
}
