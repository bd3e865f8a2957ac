using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Mixtures, a decoder and targets drawn at random, of which tests of kernels have losses and gradients computed in several ways.</summary>
internal abstract class KernelProblem
{
    protected KernelProblem(int n, int k, int d, int v, float scale, bool isSigSoftmax, int partitions = 1)
    {
        using var generator = new Generator((ulong)((n * 1000) + v));
        Tensor? logPriors = k == 1 ? null : randn([n, k], generator: generator).log_softmax(1);
        long[] shape = partitions == 1 ? [n * k, d] : [partitions, n * k, d];
        Mixture = new(randn(shape, generator: generator) * scale, logPriors)
        {
            Activation = isSigSoftmax ? OutputActivation.SigSoftmax : OutputActivation.Softmax,
        };
        Weight = randn([v, d], generator: generator);
        Bias = randn([v], generator: generator);
        Targets = randint(0, v, [n], generator: generator);
    }

    public Tensor Bias { get; }

    protected Mixture Mixture { get; }

    protected Tensor Weight { get; }

    protected Tensor Targets { get; }
}
