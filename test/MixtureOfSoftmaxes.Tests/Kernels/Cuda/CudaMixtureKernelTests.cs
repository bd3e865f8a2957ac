using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels.Cuda;

/// <summary>The kernel for GPUs says what the tensor operations say, its CUDA C run by the processor.</summary>
[TestClass]
public sealed class CudaMixtureKernelTests
{
    private const double Scale = 0.7;

    [TestMethod]
    [DataRow(1, 1, 1, 1, 1f, false, 1)]
    [DataRow(5, 1, 3, 17, 1f, false, 5)]
    [DataRow(7, 4, 6, 33, 1f, false, 3, DisplayName = "several chunks, the last one smaller")]
    [DataRow(6, 15, 16, 1009, 1f, false, 6, DisplayName = "fewer words than a block reads at a time")]
    [DataRow(3, 2, 6, 3003, 1f, false, 2, DisplayName = "more words than a block reads at a time")]
    [DataRow(9, 5, 8, 165, 40f, false, 9, DisplayName = "logits far apart")]
    [DataRow(1, 1, 1, 1, 1f, true, 1)]
    [DataRow(7, 4, 6, 133, 1f, true, 4)]
    [DataRow(9, 5, 8, 165, 40f, true, 9)]
    public void Loss_and_gradients_equal_those_of_the_tensor_operations(int n, int k, int d, int v, float scale, bool isSigSoftmax, int chunk)
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new Problem(n, k, d, v, scale, isSigSoftmax);
        Tensor[] kernel = problem.RunKernel(KernelsOnCpu.Shared, chunk), reference = problem.RunTensorOperations();
        Assert.IsTrue(kernel.All(result => isfinite(result).all().item<bool>()));
        AssertClose(reference, kernel, 2e-5);
    }

    [TestMethod]
    [DataRow(1, 2, 1, 1, 1)]
    [DataRow(7, 4, 33, 5, 3, DisplayName = "several chunks, the last one smaller")]
    [DataRow(3, 16, 1009, 1009, 3, DisplayName = "all words have gates, more than a block's threads")]
    [DataRow(5, 32, 70, 40, 5, DisplayName = "as many experts as there may be")]
    public void Words_with_gates_of_their_own_equal_those_of_the_tensor_operations(int n, int experts, int v, int words, int chunk)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (bool isSigSoftmax in (bool[])[false, true])
        {
            var problem = new Problem(n, k: 1, d: 6, v, scale: 1, isSigSoftmax, (experts, words));
            Tensor[] exact = problem.RunTensorOperations();
            AssertClose(exact, problem.RunKernel(KernelsOnCpu.Shared, chunk), 2e-5);
            AssertClose(exact, problem.RunKernel(KernelsOnCpu.Shared, chunk, Precision.BFloat16), 4e-2);
        }
    }

    [TestMethod]
    public void Gates_by_their_closed_form()
    {
        // Two experts, one word with a gate: z = g h0 w + (1 - g) h1 w + b, g = sigmoid(t a + s + c).
        using DisposeScope scope = NewDisposeScope();
        var gates = new GateTensors(
            Contexts: tensor([2f, -1f], [1, 2, 1]), Features: tensor([0.5f], [1, 1, 1]), Shared: tensor([0.25f], [1, 1]),
            Embedding: tensor([3f], [1, 1]), Bias: tensor([-1f], [1, 1]));
        var inputs = new MixtureInputs(tensor([0.5f], [1, 1]), null, tensor([1.5f, -2f], [2, 1]), tensor([0.1f, 0.2f]), Gates: gates);
        using var kernel = new CudaMixtureKernel(KernelsOnCpu.Shared);
        double gate = 1 / (1 + Math.Exp(-((0.5 * 3) + 0.25 - 1)));
        double[] z = [(((gate * 2) - (1 - gate)) * 1.5) + 0.1, (0.5 * -2) + 0.2];
        Assert.AreEqual(z[0] - Numbers.LogSumExp(z), kernel.Run(inputs, tensor([0L]), 1, null, new(1)).item<float>(), 1e-6);
    }

    [TestMethod]
    [DataRow(12, 3, 64, 501, false, 12)]
    [DataRow(6, 15, 16, 1009, false, 4)]
    [DataRow(11, 1, 61, 129, true, 3)]
    public void Rounded_factors_change_loss_and_gradients_by_roundings(int n, int k, int d, int v, bool isSigSoftmax, int chunk)
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new Problem(n, k, d, v, 0.5f, isSigSoftmax);
        Tensor[] exact = problem.RunTensorOperations();
        AssertClose(exact, problem.RunKernel(KernelsOnCpu.Shared, chunk, Precision.BFloat16), 2e-2);
        Assert.IsGreaterThan(0, (exact[0] - problem.RunKernel(KernelsOnCpu.Shared, chunk, Precision.BFloat16)[0]).abs().max().item<float>());
    }

    [TestMethod]
    public void A_bias_that_is_no_bfloat16_keeps_its_bits_beside_small_logits()
    {
        using DisposeScope scope = NewDisposeScope();
        float[] bias = [1.001f, -2.003f, 0.707f];
        var inputs = new MixtureInputs(zeros(1, 4), null, zeros(3, 4), tensor(bias));
        using var kernel = new CudaMixtureKernel(KernelsOnCpu.Shared);
        double logLikelihood = kernel.Run(inputs, tensor([1L]), 1, null, new(1)).item<float>();
        Assert.AreEqual(bias[1] - Numbers.LogSumExp([.. bias.Select(value => (double)value)]), logLikelihood, 1e-6);
    }

    [TestMethod]
    public void What_is_not_a_number_shows_and_so_does_a_target_that_is_no_word()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor contexts = ones(4, 2);
        contexts[1, 0] = double.NaN;
        var inputs = new MixtureInputs(contexts, null, ones(5, 2), zeros(5));
        using var kernel = new CudaMixtureKernel(KernelsOnCpu.Shared);
        double[] found = Tensors.Values(kernel.Run(inputs, tensor([0L, 0L, 5L, -1L]), 1, null, new(4)));
        Assert.AreEqual(-Math.Log(5), found[0], 1e-6);
        Assert.IsTrue(found[1..].All(double.IsNaN));
    }

    [TestMethod]
    [DataRow("row_statistics", DisplayName = "while scoring, too")]
    [DataRow("row_gradient")]
    public void Memory_that_runs_out_halves_the_chunk_and_changes_nothing_else(string kernelOfMuch)
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new Problem(n: 9, k: 3, d: 5, v: 40, scale: 1, isSigSoftmax: false);
        var limited = new Limited(KernelsOnCpu.Shared, kernelOfMuch, rows: 4 * 3);
        Tensor[] kernel = problem.RunKernel(limited, chunk: 9);
        Assert.IsGreaterThan(0, limited.Refused);
        AssertClose(problem.RunTensorOperations(), kernel, 2e-5);
    }

    private static void AssertClose(Tensor[] expected, Tensor[] actual, double tolerance)
    {
        foreach ((Tensor wanted, Tensor found) in expected.Zip(actual))
        {
            Numbers.AssertClose(Tensors.Values(wanted), Tensors.Values(found), tolerance, "result");
        }
    }

    /// <summary>Has no memory for more than some rows when one kind of kernel is to run.</summary>
    private sealed class Limited(IKernelLauncher kernels, string kernelOfMuch, int rows) : IKernelLauncher
    {
        public int Refused { get; private set; }

        public void Launch(string kernel, int blocks, int threads, params ReadOnlySpan<long> arguments)
        {
            if (kernel.StartsWith(kernelOfMuch, StringComparison.Ordinal) && blocks > rows)
            {
                Refused++;
                throw new InvalidOperationException("CUDA out of memory.");
            }

            kernels.Launch(kernel, blocks, threads, arguments);
        }
    }

    private sealed class Problem(int n, int k, int d, int v, float scale, bool isSigSoftmax, (int Experts, int Words) gated = default)
        : KernelProblem(n, k, d, v, scale, isSigSoftmax, gated)
    {
        /// <summary>Log-likelihoods, of scoring and of training, and the gradients, which add to ones.</summary>
        public Tensor[] RunKernel(IKernelLauncher launcher, int chunk, Precision precision = Precision.Float32)
        {
            using var kernel = new CudaMixtureKernel(launcher);
            MixtureInputs inputs = (Mixture with { Precision = precision }).ToKernel(Weight, Bias);
            (Tensor gradWeight, Tensor gradBias) = (ones_like(Weight), ones_like(Bias));
            Mixture gradient = Mixture.NewGradient();
            Tensor scored = kernel.Run(inputs, Targets, scale: 0, null, new(chunk));
            Tensor trained = kernel.Run(inputs, Targets, Scale, gradient.ToKernelGradients(gradWeight, gradBias), new(chunk));
            return [scored, trained, gradWeight, gradBias, .. gradient.Tensors];
        }

        public Tensor[] RunTensorOperations()
        {
            using var loss = new MixtureCrossEntropy(useKernels: false);
            (Parameter weight, Parameter bias) = (new(Weight.clone()), new(Bias.clone()));
            (weight.grad, bias.grad) = (ones_like(Weight), ones_like(Bias));
            Tensor scored = loss.LogLikelihood(Mixture, weight, bias, Targets);
            (Tensor trained, Mixture gradient) = loss.LogLikelihoodAndGradient(Mixture, weight, bias, Targets, Scale);
            return [scored, trained, weight.grad!, bias.grad!, .. gradient.Tensors];
        }
    }
}
