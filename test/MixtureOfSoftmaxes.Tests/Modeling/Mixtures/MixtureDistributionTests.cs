using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Mixtures;

[TestClass]
public sealed class MixtureDistributionTests
{
    [TestMethod]
    [DataRow(1, 1, 1, 2, true, false)]
    [DataRow(7, 1, 4, 13, false, false)]
    [DataRow(5, 3, 4, 29, true, false)]
    [DataRow(11, 8, 6, 101, true, false)]
    [DataRow(7, 1, 4, 13, false, true)]
    [DataRow(11, 8, 6, 101, true, true)]
    [DataRow(7, 1, 4, 13, false, false, 4)]
    [DataRow(5, 3, 4, 29, true, false, 2)]
    public void Every_log_probability_equals_the_formula_in_double_precision(
        int n, int k, int d, int v, bool hasPriors, bool isSigSoftmax, int partitions = 1)
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(n, k, d, v, seed: v, hasPriors: hasPriors, isSigSoftmax: isSigSoftmax, partitions: partitions);
        Tensor actual = LogProbabilities(problem);
        Assert.AreSequenceEqual([n, v], actual.shape);
        Numbers.AssertClose(BruteForce(problem), Tensors.Values(actual), 1e-13, "log P");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Single_precision_neither_overflows_nor_meets_a_floor(bool isSigSoftmax)
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(6, 3, 4, 17, seed: 4, ScalarType.Float32, isSigSoftmax: isSigSoftmax);
        for (int v = 0; v < problem.V; v++)
        {
            problem.Bias[v] = v % 3 == 0 ? 80 : -80;
        }

        double[] expected = BruteForce(problem);
        Assert.IsLessThan(-150, expected.Min());
        Numbers.AssertClose(expected, Tensors.Values(LogProbabilities(problem)), 1e-6, "log P");
    }

    [TestMethod]
    public void An_expert_without_a_share_leaves_the_others_as_they_are()
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(1, 2, 3, 5, seed: 2);
        Mixture both = problem.Mixture();
        Tensor only = MixtureDistribution.LogProbabilities(
            new(both.Contexts.narrow(0, 1, 1), null), problem.WeightParameter(), problem.BiasParameter());
        Tensor mixed = MixtureDistribution.LogProbabilities(
            new(both.Contexts, Tensors.Of([double.NegativeInfinity, 0], 1, 2)), problem.WeightParameter(), problem.BiasParameter());
        Numbers.AssertClose(Tensors.Values(only), Tensors.Values(mixed), 1e-15, "log P");
    }

    [TestMethod]
    public void Blocks_of_rows_make_up_the_whole()
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(10, 3, 4, 7, seed: 6);
        double[] blocks = [.. new[] { 0, 4, 8 }.SelectMany(start => Tensors.Values(MixtureDistribution.LogProbabilities(
            problem.Mixture().Rows(start, Math.Min(4, 10 - start)), problem.WeightParameter(), problem.BiasParameter())))];
        Numbers.AssertClose(BruteForce(problem), blocks, 1e-13, "log P");
    }

    [TestMethod]
    public void It_leaves_one_tensor_and_no_graph()
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(4, 3, 4, 7, seed: 6);
        Mixture mixture = problem.Mixture(requiresGrad: true);
        (Tensor weight, Tensor bias) = (problem.WeightParameter(), problem.BiasParameter());
        int before = scope.DisposablesCount;
        Tensor result = MixtureDistribution.LogProbabilities(mixture, weight, bias);
        Assert.AreEqual(before + 1, scope.DisposablesCount);
        Assert.IsFalse(result.requires_grad);
    }

    private static Tensor LogProbabilities(MixtureProblem problem) =>
        MixtureDistribution.LogProbabilities(problem.Mixture(), problem.WeightParameter(), problem.BiasParameter());

    /// <summary>log sum_k pi[n,k] softmax_x(h[n,k] . w[x] + b[x]), one number at a time.</summary>
    private static double[] BruteForce(MixtureProblem problem) =>
    [
        .. Enumerable.Range(0, problem.N).SelectMany(n =>
        {
            double[][] logits = [.. Enumerable.Range(0, problem.K).Select(k => problem.Logits((n * problem.K) + k).Logits)];
            return Enumerable.Range(0, problem.V).Select(x => Numbers.LogSumExp(
                [.. logits.Select((z, k) => problem.LogPrior(n, k) + z[x] - Numbers.LogSumExp(z))]));
        }),
    ];
}
