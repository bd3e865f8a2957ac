using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// What makes the logits of the first S words where each has gates of its own: the mixture of h[k] . w over K = 2^s experts, by a binary tree
/// whose K - 1 nodes share between their children, level by level from the root, by sigmoid(t[i] . a + s[i] + c[i]). Float32, contiguous, on one
/// device, without a graph. Or the gradient with respect to each: those with respect to contexts, features and what is shared are set, others
/// added to.
/// </summary>
/// <param name="Contexts">h, [N, K, d].</param>
/// <param name="Features">t, [N, K - 1, e].</param>
/// <param name="Shared">s, [N, K - 1].</param>
/// <param name="Embedding">a, [S, e].</param>
/// <param name="Bias">c, [K - 1, S].</param>
internal sealed record GateTensors(Tensor Contexts, Tensor Features, Tensor Shared, Tensor Embedding, Tensor Bias)
{
    /// <summary>K.</summary>
    public int Experts { get; } = (int)Contexts.shape[1];

    /// <summary>K - 1.</summary>
    public int Gates => Experts - 1;

    /// <summary>S.</summary>
    public int Words { get; } = (int)Embedding.shape[0];

    /// <summary>e.</summary>
    public int Size { get; } = (int)Embedding.shape[1];
}
