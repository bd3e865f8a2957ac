using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Mixtures, a decoder and targets drawn at random, of which tests of kernels have losses and gradients computed in several ways.</summary>
internal abstract class KernelProblem
{
    /// <param name="n">N.</param>
    /// <param name="k">K.</param>
    /// <param name="d">The size of the decoder's vectors.</param>
    /// <param name="v">V.</param>
    /// <param name="scale">Of the contexts.</param>
    /// <param name="isSigSoftmax">Whether sigsoftmax stands for softmax.</param>
    /// <param name="gated">How many experts have gates for each of some words, and these words; none where the first is 0.</param>
    /// <param name="partitions">J.</param>
    protected KernelProblem(int n, int k, int d, int v, float scale, bool isSigSoftmax, (int Experts, int Words) gated = default, int partitions = 1)
    {
        using var generator = new Generator((ulong)((n * 1000) + v));
        Tensor? logPriors = k == 1 ? null : randn([n, k], generator: generator).log_softmax(1);
        long[] shape = partitions == 1 ? [n * k, d] : [partitions, n * k, d];
        Mixture = new(randn(shape, generator: generator) * scale, logPriors)
        {
            Activation = isSigSoftmax ? OutputActivation.SigSoftmax : OutputActivation.Softmax,
            Gates = gated.Experts == 0 ? null : Gates(n, d, gated.Experts, gated.Words, generator),
        };
        Weight = randn([v, d], generator: generator);
        Bias = randn([v], generator: generator);
        Targets = randint(0, v, [n], generator: generator);
    }

    public Tensor Bias { get; }

    protected Mixture Mixture { get; }

    protected Tensor Weight { get; }

    protected Tensor Targets { get; }

    private static WordGates Gates(int n, int d, int experts, int words, Generator generator)
    {
        const int Features = 3;
        return new(
            randn([n, experts, d], generator: generator), randn([n, experts - 1, Features], generator: generator),
            randn([n, experts - 1], generator: generator), randn([words, Features], generator: generator),
            randn([experts - 1, words], generator: generator));
    }
}
