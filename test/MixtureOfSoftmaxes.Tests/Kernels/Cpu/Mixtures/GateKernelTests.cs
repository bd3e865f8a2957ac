using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Mixtures;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels.Cpu.Mixtures;

/// <summary>Words with gates of their own: on the CPU in float32 a kernel must say of them what the tensor operations say.</summary>
[TestClass]
public sealed class GateKernelTests
{
    private int _threadsBefore;

    [TestInitialize]
    public void Remember() => _threadsBefore = get_num_threads();

    [TestCleanup]
    public void Restore() => set_num_threads(_threadsBefore);

    [TestMethod]
    [DataRow(1, 2, 1, 2, 1, 1, 1)]
    [DataRow(1, 2, 1, 2, 2, 1, 2)]
    [DataRow(13, 4, 5, 131, 3, 2, 1)]
    [DataRow(13, 4, 5, 131, 131, 2, 2, DisplayName = "every word")]
    [DataRow(7, 8, 6, 301, 299, 3, 3)]
    [DataRow(450, 16, 9, 401, 133, 5, 1, DisplayName = "several chunks")]
    [DataRow(450, 16, 9, 401, 133, 5, 2, DisplayName = "several chunks, two workers")]
    [DataRow(5, 4, 7, 2003, 1801, 4, 2, DisplayName = "several tiles for each of two workers")]
    [DataRow(5, 4, 7, 700, 33, 4, 5, DisplayName = "more workers than tiles")]
    public void Loss_gradients_and_distributions_equal_those_of_the_tensor_operations(int n, int k, int d, int v, int s, int e, int threads)
    {
        using DisposeScope scope = NewDisposeScope();
        set_num_threads(threads);
        var problem = new GatedProblem(n, k, d, v, s, e, seed: n + v);
        Tensor[] kernel = Run(problem, useKernels: true), reference = Run(problem, useKernels: false);
        Assert.HasCount(11, kernel);
        Assert.IsTrue(kernel.All(result => isfinite(result).all().item<bool>()));
        foreach ((Tensor actual, Tensor expected) in kernel.Zip(reference))
        {
            Numbers.AssertClose(Tensors.Values(expected), Tensors.Values(actual), 2e-5, "result");
        }
    }

    [TestMethod]
    [DataRow(40, 4, 64, 501, 211, 8, 1)]
    [DataRow(70, 16, 16, 301, 301, 9, 2)]
    public void Rounded_factors_change_loss_and_gradients_as_little_as_in_tensor_operations(int n, int k, int d, int v, int s, int e, int threads)
    {
        using DisposeScope scope = NewDisposeScope();
        set_num_threads(threads);
        var problem = new GatedProblem(n, k, d, v, s, e, seed: 9);
        Tensor[] exact = Run(problem, useKernels: false);
        Tensor[] kernel = Run(problem, useKernels: true, Precision.BFloat16), reference = Run(problem, useKernels: false, Precision.BFloat16);
        for (int i = 0; i < exact.Length - 1; i++)
        {
            double error = Tensors.Distance(kernel[i], exact[i]), allowed = Tensors.Distance(reference[i], exact[i]);
            Assert.IsInRange(allowed / 4, 2 * allowed, error, $"result {i}");
        }
    }

    [TestMethod]
    [DataRow(Precision.Float32)]
    [DataRow(Precision.BFloat16)]
    public void Every_run_with_as_many_threads_gives_the_same_bits(Precision precision)
    {
        using DisposeScope scope = NewDisposeScope();
        set_num_threads(3);
        var problem = new GatedProblem(n: 60, k: 8, d: 16, v: 1009, s: 701, e: 5, seed: 2);
        uint[][] first = [.. Run(problem, useKernels: true, precision).Select(Tensors.Bits)];
        for (int run = 0; run < 3; run++)
        {
            foreach ((uint[] expected, Tensor actual) in first.Zip(Run(problem, useKernels: true, precision)))
            {
                Assert.AreSequenceEqual(expected, Tensors.Bits(actual));
            }
        }
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void What_is_not_finite_shows_where_it_does_in_tensor_operations(float value)
    {
        using DisposeScope scope = NewDisposeScope();
        set_num_threads(2);
        var problem = new GatedProblem(n: 6, k: 4, d: 3, v: 200, s: 150, e: 2, seed: 3);
        Array.Fill(problem.Bias, value, 64, 100);
        foreach ((Tensor actual, Tensor expected) in Run(problem, useKernels: true).Zip(Run(problem, useKernels: false)))
        {
            Assert.AreSequenceEqual(Tensors.Kinds(expected), Tensors.Kinds(actual));
        }
    }

    [TestMethod]
    public void A_pass_leaves_no_graph_and_no_more_than_tensor_operations()
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new GatedProblem(n: 6, k: 4, d: 3, v: 7, s: 3, e: 2, seed: 4);
        Assert.IsLessThanOrEqualTo(Left(useKernels: false), Left(useKernels: true));

        int Left(bool useKernels)
        {
            int before = scope.DisposablesCount;
            Assert.IsFalse(Run(problem, useKernels).Any(result => result.requires_grad));
            return scope.DisposablesCount - before;
        }
    }

    private static (Mixture Mixture, Parameter Weight, Parameter Bias) Tensors32(GatedProblem problem, Precision precision) => (
        problem.Mixture(ScalarType.Float32) with { Precision = precision }, problem.WeightParameter(ScalarType.Float32),
        problem.BiasParameter(ScalarType.Float32));

    /// <summary>Log-likelihoods, of scoring and of training, gradients, and whole distributions.</summary>
    private static Tensor[] Run(GatedProblem problem, bool useKernels, Precision precision = Precision.Float32)
    {
        using var loss = new MixtureCrossEntropy(useKernels: useKernels);
        (Mixture mixture, Parameter weight, Parameter bias) = Tensors32(problem, precision);
        Tensor targets = problem.TargetIds();
        Tensor scored = loss.LogLikelihood(mixture, weight, bias, targets);
        (Tensor trained, Mixture gradient) = loss.LogLikelihoodAndGradient(mixture, weight, bias, targets, 0.7);
        Tensor distributions = MixtureDistribution.LogProbabilities(mixture, weight, bias, useKernels);
        return [scored, trained, weight.grad!, bias.grad!, .. gradient.Tensors, distributions];
    }
}
