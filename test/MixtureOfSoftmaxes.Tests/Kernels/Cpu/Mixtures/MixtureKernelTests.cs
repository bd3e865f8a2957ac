using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels.Cpu.Mixtures;

/// <summary>On the CPU in float32 the loss is a kernel's; it must say what the tensor operations say.</summary>
[TestClass]
public sealed class MixtureKernelTests
{
    private const double Scale = 0.7;

    private int _threadsBefore;

    [TestInitialize]
    public void Remember() => _threadsBefore = get_num_threads();

    [TestCleanup]
    public void Restore() => set_num_threads(_threadsBefore);

    [TestMethod]
    [DataRow(1, 1, 1, 1, 1f, false, 1)]
    [DataRow(5, 1, 3, 17, 1f, false, 1)]
    [DataRow(7, 4, 6, 33, 1f, false, 2)]
    [DataRow(90, 15, 16, 1009, 1f, false, 1, DisplayName = "several chunks")]
    [DataRow(90, 15, 16, 1009, 1f, false, 2, DisplayName = "several chunks, two workers")]
    [DataRow(90, 15, 16, 1009, 1f, false, 5, DisplayName = "several chunks, five workers")]
    [DataRow(3, 2, 5, 20_011, 1f, false, 2, DisplayName = "several tiles for each of two workers")]
    [DataRow(2, 3, 4, 65, 1f, false, 7, DisplayName = "more threads than words are worth")]
    [DataRow(9, 5, 8, 165, 40f, false, 2, DisplayName = "logits far apart")]
    [DataRow(1, 1, 1, 1, 1f, true, 1)]
    [DataRow(7, 4, 6, 133, 1f, true, 2)]
    [DataRow(50, 3, 16, 1009, 3f, true, 2)]
    [DataRow(9, 5, 8, 165, 40f, true, 2)]
    [DataRow(5, 1, 3, 17, 1f, false, 1, 4, DisplayName = "four partitions")]
    [DataRow(90, 15, 16, 1009, 1f, false, 2, 4, DisplayName = "four partitions, two workers")]
    [DataRow(250, 2, 3, 20_011, 1f, false, 2, 4, DisplayName = "four partitions, two chunks")]
    [DataRow(3, 2, 5, 20_011, 1f, false, 3, 2, DisplayName = "two partitions, several tiles for each of three workers")]
    [DataRow(7, 2, 6, 133, 1f, true, 2, 3, DisplayName = "three partitions, sigsoftmax")]
    [DataRow(4, 2, 3, 9, 1f, false, 2, 9, DisplayName = "as many partitions as words")]
    public void Loss_and_gradients_equal_those_of_the_tensor_operations(
        int n, int k, int d, int v, float scale, bool isSigSoftmax, int threads, int partitions = 1)
    {
        using DisposeScope scope = NewDisposeScope();
        set_num_threads(threads);
        var problem = new Problem(n, k, d, v, scale, isSigSoftmax, partitions);
        Tensor[] kernel = problem.Run(useKernels: true), reference = problem.Run(useKernels: false);
        Assert.IsTrue(kernel.All(result => isfinite(result).all().item<bool>()));
        foreach ((Tensor actual, Tensor expected) in kernel.Zip(reference))
        {
            Numbers.AssertClose(Tensors.Values(expected), Tensors.Values(actual), 2e-5, "result");
        }
    }

    [TestMethod]
    [DataRow(40, 3, 64, 501, false, 1)]
    [DataRow(90, 15, 16, 1009, false, 2)]
    [DataRow(11, 1, 61, 129, false, 2)]
    [DataRow(40, 3, 64, 501, true, 2)]
    [DataRow(90, 5, 16, 1009, false, 2, 4, DisplayName = "four partitions")]
    public void Rounded_factors_change_loss_and_gradients_as_little_as_in_tensor_operations(
        int n, int k, int d, int v, bool isSigSoftmax, int threads, int partitions = 1)
    {
        using DisposeScope scope = NewDisposeScope();
        set_num_threads(threads);
        var problem = new Problem(n, k, d, v, 0.5f, isSigSoftmax, partitions);
        Tensor[] exact = problem.Run(useKernels: false);
        Tensor[] kernel = problem.Run(useKernels: true, Precision.BFloat16), reference = problem.Run(useKernels: false, Precision.BFloat16);
        for (int i = 0; i < exact.Length; i++)
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
        var problem = new Problem(60, 15, 16, 1009, 1, isSigSoftmax: false);
        uint[][] first = [.. problem.Run(useKernels: true, precision).Select(Tensors.Bits)];
        for (int run = 0; run < 5; run++)
        {
            foreach ((uint[] expected, Tensor actual) in first.Zip(problem.Run(useKernels: true, precision)))
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
        var problem = new Problem(6, 2, 3, 200, 1, isSigSoftmax: false);
        for (int word = 64; word < 200; word++)
        {
            problem.Bias[word] = value;
        }

        foreach ((Tensor actual, Tensor expected) in problem.Run(useKernels: true).Zip(problem.Run(useKernels: false)))
        {
            Assert.AreSequenceEqual(Tensors.Kinds(expected), Tensors.Kinds(actual));
        }
    }

    [TestMethod]
    public void No_mixtures_have_no_likelihoods_and_add_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new Problem(0, 2, 3, 7, 1, isSigSoftmax: false);
        Tensor[] results = problem.Run(useKernels: true);
        Assert.AreSequenceEqual([0L, 0L], results[..2].Select(result => result.numel()));
        Assert.IsTrue(results[2..4].All(gradient => (gradient == 0).all().item<bool>()));
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(5)]
    public void A_target_outside_the_vocabulary_is_an_error_that_names_it(int target)
    {
        using DisposeScope scope = NewDisposeScope();
        using var loss = new MixtureCrossEntropy();
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(
            () => loss.LogLikelihood(new(ones(2, 3), null), ones(5, 3), zeros(5), tensor([1L, target])));
        Assert.AreEqual((long)target, error.ActualValue);
        Assert.Contains("from 0 to 4", error.Message);
    }

    private sealed class Problem(int n, int k, int d, int v, float scale, bool isSigSoftmax, int partitions = 1)
        : KernelProblem(n, k, d, v, scale, isSigSoftmax, partitions: partitions)
    {
        /// <summary>Log-likelihoods, of scoring and of training, and the gradients.</summary>
        public Tensor[] Run(bool useKernels, Precision precision = Precision.Float32)
        {
            using var loss = new MixtureCrossEntropy(useKernels: useKernels);
            (Parameter weight, Parameter bias) = (new(Weight.clone()), new(Bias.clone()));
            Mixture mixture = Mixture with { Precision = precision };
            Tensor scored = loss.LogLikelihood(mixture, weight, bias, Targets);
            (Tensor trained, Mixture gradient) = loss.LogLikelihoodAndGradient(mixture, weight, bias, Targets, Scale);
            return [scored, trained, weight.grad!, bias.grad!, .. gradient.Tensors];
        }
    }
}
