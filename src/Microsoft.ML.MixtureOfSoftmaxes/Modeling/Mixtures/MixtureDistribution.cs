using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>The whole distribution over the next word, where the likelihood of one word is not enough: ranks, best words, sampling.</summary>
internal static class MixtureDistribution
{
    // Enough rows for efficient products, and memory that does not depend on how many are asked for.
    private const long BlockBytes = 32L << 20;

    /// <summary>How many mixtures to ask for at a time: as many as keep one matrix [N, V] within a fixed size, at least one.</summary>
    public static long RowsPerBlock(Tensor decoderWeight) =>
        Math.Max(1, BlockBytes / (decoderWeight.shape[0] * decoderWeight.element_size()));

    /// <summary>
    /// log P(x|c) of every word, [N, V], in log space throughout, so nothing is floored; no gradient is recorded. At most three matrices
    /// [N, V] exist at a time, whatever K (experts come one by one, or contexts chunk by chunk), and a function of logits takes six.
    /// </summary>
    /// <param name="mixture">N mixtures; <see cref="Mixture.Rows"/> takes a block of them.</param>
    /// <param name="decoderWeight">w, [V, d].</param>
    /// <param name="decoderBias">b, [V].</param>
    /// <param name="useKernels">Whether kernels are used where there are some; otherwise tensor operations everywhere.</param>
    public static Tensor LogProbabilities(Mixture mixture, Tensor decoderWeight, Tensor decoderBias, bool useKernels = true)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        if (useKernels && mixture.HasKernel(decoderWeight))
        {
            MixtureInputs inputs = mixture.ToKernel(decoderWeight, decoderBias) with { RoundFactors = false };
            return DistributionKernel.LogProbabilities(inputs).MoveToOuterDisposeScope();
        }

        Tensor mixed_n_v = Expert(mixture, 0, decoderWeight, decoderBias);
        for (int k = 1; k < mixture.Experts; k++)
        {
            using Tensor expert_n_v = Expert(mixture, k, decoderWeight, decoderBias);
            using Tensor before_n_v = mixed_n_v;
            mixed_n_v = before_n_v.logaddexp(expert_n_v);
        }

        return mixed_n_v.MoveToOuterDisposeScope();
    }

    /// <summary>log pi[n,k] + log softmax_x(h[n,k] . w[x] + b[x]), [N, V], or with sigsoftmax.</summary>
    private static Tensor Expert(Mixture mixture, int k, Tensor decoderWeight, Tensor decoderBias)
    {
        using DisposeScope scope = NewDisposeScope();
        var partitions = new WordPartitions(mixture.Partitions, decoderBias.shape[0]);
        Tensor z_n_v = partitions.Arrange(decoderBias).repeat(mixture.Count, 1);
        foreach (int j in partitions.Each)
        {
            Tensor contexts_n_d = mixture.ContextsOf(j).unflatten(0, mixture.Count, mixture.Experts).select(1, k);
            partitions.OfArranged(z_n_v.t(), j).t().addmm_(contexts_n_d, partitions.Of(decoderWeight, j).t());
        }

        z_n_v = partitions.Restore(z_n_v);
        if (mixture.Gates is not null)
        {
            new GatedLogits(mixture.Gates, decoderWeight, new(Precision.Float32)).CopyTo(z_n_v, decoderBias);
        }

        if (mixture.Increase is not null)
        {
            _ = new MonotonicLogits(mixture.Increase, z_n_v);
        }

        if (mixture.Activation == OutputActivation.SigSoftmax)
        {
            SigSoftmax.Apply(z_n_v).Dispose();
        }

        Tensor expert_n_v = z_n_v.log_softmax(1);
        if (mixture.LogPriors is not null)
        {
            expert_n_v.add_(mixture.LogPriors.narrow(1, k, 1));
        }

        return expert_n_v.MoveToOuterDisposeScope();
    }
}
