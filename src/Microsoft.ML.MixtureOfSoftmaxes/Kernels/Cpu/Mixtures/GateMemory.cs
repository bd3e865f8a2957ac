using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>Memory for the words that have gates of their own, of chunks of n tokens.</summary>
/// <param name="Logits">Mixed, n S; float32, as the mixture is no product.</param>
/// <param name="Experts">Of the experts, n K S.</param>
/// <param name="Gates">Gates before the sigmoid, n (K - 1) S.</param>
/// <param name="Contexts">A chunk's contexts rounded, [n K, d]; null if they are used as they are.</param>
/// <param name="Features">A chunk's features rounded, [n (K - 1), e]; null if they are used as they are.</param>
/// <param name="Embedding">Embeddings rounded, [S, e]; null if they are used as they are.</param>
/// <param name="GradContexts">Each worker's share of a chunk's gradient, [workers, n K, d]; null if none is asked for.</param>
/// <param name="GradFeatures">The same, [workers, n (K - 1), e].</param>
/// <param name="GradShared">The same, [workers, n, K - 1].</param>
internal sealed record GateMemory(
    Tensor Logits, Tensor Experts, Tensor Gates, Tensor? Contexts, Tensor? Features, Tensor? Embedding, Tensor? GradContexts,
    Tensor? GradFeatures, Tensor? GradShared);

/// <summary>What <see cref="GateMemory"/> is taken from.</summary>
internal sealed class KeptGateMemory : IDisposable
{
    private readonly KeptTensor _logits = new(), _experts = new(), _gates = new(), _contexts = new(), _features = new(), _embedding = new();
    private readonly KeptTensor _gradContexts = new(), _gradFeatures = new(), _gradShared = new();

    public GateMemory Take(MixtureInputs inputs, GateTensors gates, TileLayout layout, bool hasGradients)
    {
        long tokens = layout.ChunkTokens, workers = layout.Workers, words = gates.Words;
        return new(
            _logits.Take(ScalarType.Float32, tokens * words),
            _experts.Take(inputs.FactorType, tokens * gates.Experts * words),
            _gates.Take(inputs.FactorType, tokens * gates.Gates * words),
            Rounded(_contexts, tokens * gates.Experts, inputs.Size),
            Rounded(_features, tokens * gates.Gates, gates.Size),
            Rounded(_embedding, words, gates.Size),
            Gradient(_gradContexts, workers, tokens * gates.Experts, inputs.Size),
            Gradient(_gradFeatures, workers, tokens * gates.Gates, gates.Size),
            Gradient(_gradShared, workers, tokens, gates.Gates));

        Tensor? Rounded(KeptTensor kept, params long[] shape) => inputs.RoundFactors ? kept.Take(inputs.FactorType, shape) : null;
        Tensor? Gradient(KeptTensor kept, params long[] shape) => hasGradients ? kept.Take(ScalarType.Float32, shape) : null;
    }

    public void Dispose() => Array.ForEach(
        [_logits, _experts, _gates, _contexts, _features, _embedding, _gradContexts, _gradFeatures, _gradShared], kept => kept.Dispose());
}
