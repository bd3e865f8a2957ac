using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>N mixtures of K softmaxes over V words: float32, contiguous, on one device, without a graph.</summary>
/// <param name="Contexts">[N K, d], or for each of J partitions of the vocabulary [J, N K, d]; GPUs have kernels for the first alone.</param>
/// <param name="LogPriors">[N, K]; null when K = 1.</param>
/// <param name="Weight">The decoder, [V, d].</param>
/// <param name="Bias">[V].</param>
/// <param name="RoundFactors">Whether the factors and the results of products are rounded to bfloat16.</param>
/// <param name="IsSigSoftmax">Whether exp(z) sigmoid(z) is normalised in the place of exp(z).</param>
/// <param name="Gates">What makes the logits of the first words in the place of the contexts; null where nothing does.</param>
internal sealed record MixtureInputs(
    Tensor Contexts, Tensor? LogPriors, Tensor Weight, Tensor Bias, bool RoundFactors = false, bool IsSigSoftmax = false,
    GateTensors? Gates = null)
{
    /// <summary>K.</summary>
    public int Experts { get; } = (int)(LogPriors?.shape[1] ?? 1);

    /// <summary>N K.</summary>
    public int Rows { get; } = (int)Contexts.shape[^2];

    /// <summary>N.</summary>
    public int Tokens => Rows / Experts;

    /// <summary>V.</summary>
    public int Words { get; } = (int)Weight.shape[0];

    /// <summary>d.</summary>
    public int Size { get; } = (int)Weight.shape[1];

    /// <summary>Those of the vocabulary.</summary>
    public WordPartitions Partitions { get; } = new(Contexts.dim() == 2 ? 1 : (int)Contexts.shape[0], Weight.shape[0]);

    /// <summary>What the factors and the results of products are.</summary>
    public ScalarType FactorType => RoundFactors ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>So many rows of contexts from the first on, for each partition, as views.</summary>
    public Tensor[] ByPartition(Tensor contexts, long first, long count) =>
        [.. Partitions.Each.Select(j => Partitions.ContextsOf(contexts.narrow(-2, first, count), j))];

    /// <summary>What so many tokens from the first on have, as views.</summary>
    public ChunkFactors Chunk(int first, int tokens)
    {
        var chunk = new ChunkFactors(first, tokens, ByPartition(Contexts, first * Experts, tokens * Experts));
        return Gates is null
            ? chunk
            : chunk with
            {
                GateContexts = Gates.Contexts.narrow(0, first, tokens).flatten(0, 1),
                GateFeatures = Gates.Features.narrow(0, first, tokens).flatten(0, 1),
            };
    }
}

/// <summary>Where gradients go, contiguous: those with respect to mixtures are set, those with respect to the decoder added to.</summary>
internal sealed record MixtureGradients(
    Tensor Contexts, Tensor? LogPriors, Tensor Weight, Tensor Bias, GateTensors? Gates = null);
