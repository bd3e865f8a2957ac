using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// The log-likelihoods of mixtures of softmaxes and their gradients. Every worker has words of its own, and all go through the tokens together,
/// a chunk at a time; so memory hardly grows with the number of workers, and what the decoder's gradient of a word is added up from does not
/// depend on who is faster. With another number of workers products are cut differently, and results differ by roundings.
/// </summary>
internal sealed class MixtureKernel : IDisposable
{
    private readonly KeptTensor _logits = new(), _contexts = new(), _weight = new(), _gradContexts = new(), _products = new();
    private readonly KeptGateMemory _gates = new();

    /// <summary>log p[n], [N]; the gradients of <paramref name="scale"/> * sum_n -log p[n], if asked for.</summary>
    /// <param name="inputs">N mixtures.</param>
    /// <param name="targets_n">The true next words, int64 and contiguous, each from 0 to V - 1.</param>
    /// <param name="scale">What the sum is multiplied by.</param>
    /// <param name="gradients">Where the gradients go; null for the log-likelihoods alone.</param>
    public Tensor Run(MixtureInputs inputs, Tensor targets_n, double scale, MixtureGradients? gradients)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor logLikelihood_n = empty(inputs.Tokens);
        if (inputs.Tokens > 0)
        {
            var layout = TileLayout.Of(inputs);
            WordPartitions partitions = inputs.Partitions;
            Tensor? gradBias_v = partitions.Count == 1 ? gradients?.Bias : gradients?.Bias.new_zeros(inputs.Words);
            var memory = new MixtureMemory(
                _logits.Take(inputs.FactorType, layout.ChunkLogits),
                inputs.RoundFactors ? _contexts.Take(inputs.FactorType, partitions.Count, layout.ChunkRows, inputs.Size) : null,
                inputs.RoundFactors ? _weight.Take(inputs.FactorType, inputs.Words, inputs.Size) : null,
                gradients is null
                    ? null
                    : _gradContexts.Take(ScalarType.Float32, layout.Workers, partitions.Count, layout.ChunkRows, inputs.Size),
                gradients is null || !inputs.RoundFactors
                    ? null
                    : _products.Take(inputs.FactorType, layout.Workers, LargestProduct(inputs, layout)),
                inputs.Gates is null ? null : _gates.Take(inputs, inputs.Gates, layout, hasGradients: gradients is not null));
            var pass = new MixturePass(
                inputs with { Bias = partitions.Arrange(inputs.Bias) }, partitions.Places(targets_n), logLikelihood_n, scale,
                gradients is null ? null : gradients with { Bias = gradBias_v! }, layout, memory);
            WorkerTeam.Run(pass.Work, layout.Workers);
            if (partitions.Count > 1 && gradients is not null)
            {
                partitions.AddRestored(gradients.Bias, gradBias_v!);
            }
        }

        return logLikelihood_n.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Array.ForEach([_logits, _contexts, _weight, _gradContexts, _products], kept => kept.Dispose());
        _gates.Dispose();
    }

    /// <summary>Numbers of the largest product on the way back.</summary>
    private static long LargestProduct(MixtureInputs inputs, TileLayout layout)
    {
        long rows = (long)layout.ChunkTokens * Math.Max(inputs.Experts, inputs.Gates?.Experts ?? 0);
        return Math.Max(rows, layout.TileWords) * Math.Max(inputs.Size, inputs.Gates?.Size ?? 0);
    }
}

/// <summary>Memory that a pass works in.</summary>
/// <param name="Logits">Those of a chunk.</param>
/// <param name="Contexts">A chunk's contexts rounded, [J, chunk rows, d]; null if they are used as they are.</param>
/// <param name="Weight">The decoder rounded, [V, d], in the order of partitions; null if it is used as it is.</param>
/// <param name="GradContexts">Each worker's share of the gradient with respect to a chunk's contexts, [workers, J, chunk rows, d].</param>
/// <param name="Products">Results of products before they are added in float32, a row for each worker.</param>
/// <param name="Gates">For the words that have gates of their own; null if there are none.</param>
internal sealed record MixtureMemory(
    Tensor Logits, Tensor? Contexts, Tensor? Weight, Tensor? GradContexts, Tensor? Products, GateMemory? Gates);
