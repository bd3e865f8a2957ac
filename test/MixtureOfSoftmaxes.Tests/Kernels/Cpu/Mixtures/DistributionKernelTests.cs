using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Mixtures;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels.Cpu.Mixtures;

/// <summary>On the CPU in float32 whole distributions are a kernel's; it must say what the tensor operations say.</summary>
[TestClass]
public sealed class DistributionKernelTests
{
    private int _threadsBefore;

    [TestInitialize]
    public void Remember() => _threadsBefore = get_num_threads();

    [TestCleanup]
    public void Restore() => set_num_threads(_threadsBefore);

    [TestMethod]
    [DataRow(1, 1, 1, 1, false, 1)]
    [DataRow(1, 15, 8, 1009, false, 2, DisplayName = "one word of a text")]
    [DataRow(7, 1, 6, 133, false, 2, DisplayName = "no mixture")]
    [DataRow(90, 15, 16, 1009, false, 1, DisplayName = "several chunks")]
    [DataRow(90, 15, 16, 1009, false, 3, DisplayName = "several chunks, three workers")]
    [DataRow(2, 3, 4, 20_011, false, 1, DisplayName = "several tiles")]
    [DataRow(7, 1, 6, 133, true, 2)]
    [DataRow(30, 4, 16, 1009, true, 2)]
    [DataRow(1, 1, 8, 1009, false, 2, 4, DisplayName = "four partitions, one word of a text")]
    [DataRow(30, 4, 16, 1009, false, 3, 5, DisplayName = "five partitions")]
    public void Distributions_equal_those_of_the_tensor_operations(
        int n, int k, int d, int v, bool isSigSoftmax, int threads, int partitions = 1)
    {
        using DisposeScope scope = NewDisposeScope();
        set_num_threads(threads);
        var problem = new MixtureProblem(
            n, k, d, v, seed: v, ScalarType.Float32, hasPriors: k > 1, isSigSoftmax: isSigSoftmax, partitions: partitions);
        (Mixture mixture, Tensor weight, Tensor bias) = (problem.Mixture(), problem.WeightParameter(), problem.BiasParameter());
        Tensor kernel = MixtureDistribution.LogProbabilities(mixture, weight, bias);
        Tensor reference = MixtureDistribution.LogProbabilities(mixture, weight, bias, useKernels: false);
        Assert.AreSequenceEqual(reference.shape, kernel.shape);
        Numbers.AssertClose(Tensors.Values(reference), Tensors.Values(kernel), 2e-6, "log P");
        Numbers.AssertClose([.. Enumerable.Repeat(1.0, n)], Tensors.Values(kernel.exp().sum(dim: 1)), 2e-5, "sum");
        Assert.AreSequenceEqual(Tensors.Bits(kernel), Tensors.Bits(MixtureDistribution.LogProbabilities(mixture, weight, bias)));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Experts_of_no_prior_are_as_if_they_were_not_there(int threads)
    {
        const int N = 90, K = 15;
        using DisposeScope scope = NewDisposeScope();
        set_num_threads(threads);
        var problem = new MixtureProblem(N, K, 16, 1009, seed: 4, ScalarType.Float32);
        (Mixture mixture, Tensor weight, Tensor bias) = (problem.Mixture(), problem.WeightParameter(), problem.BiasParameter());
        var random = new Random(2);
        bool[] isLeftOut = [.. Enumerable.Range(0, N * K).Select(row => row % K != row / K % K && random.Next(4) > 0)];
        Tensor logPriors_n_k = mixture.LogPriors!.masked_fill(tensor(isLeftOut, [N, K]), double.NegativeInfinity).log_softmax(1);
        Tensor some_n_k = logPriors_n_k.index_fill(0, tensor([5L]), double.NegativeInfinity);
        Mixture some = mixture with { LogPriors = some_n_k };
        double[] kernel = Tensors.Values(MixtureDistribution.LogProbabilities(some, weight, bias));
        double[] reference = Tensors.Values(MixtureDistribution.LogProbabilities(some, weight, bias, useKernels: false));
        Numbers.AssertClose([.. reference.Where(double.IsFinite)], [.. kernel.Where(double.IsFinite)], 2e-6, "log P");
        Assert.AreSequenceEqual(Enumerable.Repeat(double.NegativeInfinity, 1009), kernel.Skip(5 * 1009).Take(1009), "no expert, no word");
        Assert.HasCount((N - 1) * 1009, kernel.Where(double.IsFinite));
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void What_is_not_finite_shows_where_it_does_in_tensor_operations(float value)
    {
        using DisposeScope scope = NewDisposeScope();
        set_num_threads(2);
        var problem = new MixtureProblem(3, 2, 4, 200, seed: 1, ScalarType.Float32);
        Array.Fill(problem.Bias, value, 64, 136);
        (Mixture mixture, Tensor weight, Tensor bias) = (problem.Mixture(), problem.WeightParameter(), problem.BiasParameter());
        double[] kernel = Tensors.Values(MixtureDistribution.LogProbabilities(mixture, weight, bias));
        double[] reference = Tensors.Values(MixtureDistribution.LogProbabilities(mixture, weight, bias, useKernels: false));
        Assert.AreSequenceEqual(reference.Select(Kind), kernel.Select(Kind));

        static double Kind(double x) => double.IsFinite(x) ? 0 : x;
    }
}
