using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>N mixtures of K softmaxes over V words: float32, contiguous, on the CPU, without a graph.</summary>
/// <param name="Contexts">[N K, d].</param>
/// <param name="LogPriors">[N, K]; null when K = 1.</param>
/// <param name="Weight">The decoder, [V, d].</param>
/// <param name="Bias">[V].</param>
/// <param name="RoundFactors">Whether the factors and the results of products are rounded to bfloat16.</param>
/// <param name="IsSigSoftmax">Whether exp(z) sigmoid(z) is normalised in the place of exp(z).</param>
internal sealed record MixtureInputs(
    Tensor Contexts, Tensor? LogPriors, Tensor Weight, Tensor Bias, bool RoundFactors = false, bool IsSigSoftmax = false)
{
    /// <summary>K.</summary>
    public int Experts { get; } = (int)(LogPriors?.shape[1] ?? 1);

    /// <summary>N K.</summary>
    public int Rows { get; } = (int)Contexts.shape[0];

    /// <summary>N.</summary>
    public int Tokens => Rows / Experts;

    /// <summary>V.</summary>
    public int Words { get; } = (int)Weight.shape[0];

    /// <summary>d.</summary>
    public int Size { get; } = (int)Weight.shape[1];

    /// <summary>What the factors and the results of products are.</summary>
    public ScalarType FactorType => RoundFactors ? ScalarType.BFloat16 : ScalarType.Float32;
}

/// <summary>Where gradients go, contiguous: those with respect to mixtures are set, those with respect to the decoder added to.</summary>
internal sealed record MixtureGradients(Tensor Contexts, Tensor? LogPriors, Tensor Weight, Tensor Bias);
