using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>What the logits of a chunk are products of, on its side.</summary>
/// <param name="First">The first token.</param>
/// <param name="Tokens">How many tokens.</param>
/// <param name="Contexts">Of the softmaxes, [n K, d] for each partition of the vocabulary.</param>
/// <param name="GateContexts">Of the words that have gates of their own, [n K, d]; null if there are none.</param>
/// <param name="GateFeatures">[n (K - 1), e].</param>
internal sealed record ChunkFactors(int First, int Tokens, Tensor[] Contexts, Tensor? GateContexts = null, Tensor? GateFeatures = null)
{
    /// <summary>Rows of logits.</summary>
    public int Rows => (int)Contexts[0].shape[0];
}
