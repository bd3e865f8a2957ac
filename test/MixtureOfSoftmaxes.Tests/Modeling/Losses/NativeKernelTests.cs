using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling.Heads;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling.Losses;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Losses;

/// <summary>In float32 on the CPU the loss is a native kernel's, where there is one; it must say what the tensor operations say.</summary>
[TestClass]
public sealed class NativeKernelTests
{
    private const double Scale = 0.7;

    [TestMethod]
    [DataRow(1, 1, 1, 1, 1f, false)]
    [DataRow(5, 1, 3, 31, 1f, false)]
    [DataRow(7, 4, 6, 33, 1f, false)]
    [DataRow(50, 3, 16, 1009, 1f, false)]
    [DataRow(9, 5, 8, 65, 40f, false)]
    [DataRow(1, 1, 1, 1, 1f, true)]
    [DataRow(7, 4, 6, 33, 1f, true)]
    [DataRow(50, 3, 16, 1009, 3f, true)]
    [DataRow(9, 5, 8, 65, 40f, true)]
    public void Loss_and_gradients_equal_those_of_the_tensor_operations(int n, int k, int d, int v, float scale, bool sigsoftmax)
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator((ulong)((n * 1000) + v));
        Tensor contexts = randn([n * k, d], generator: generator) * scale;
        Tensor? priors = k == 1 ? null : randn([n, k], generator: generator).log_softmax(1);
        var mixture = new Mixture(contexts, priors) { Activation = sigsoftmax ? OutputActivation.SigSoftmax : OutputActivation.Softmax };
        Tensor weight = randn([v, d], generator: generator);
        Tensor bias = randn([v], generator: generator);
        Tensor targets = randint(0, v, [n], generator: generator);

        Result native = Run(new MixtureCrossEntropy(chunkBytes: 4L * v * k * 3), mixture, weight, bias, targets);
        Result plain = Run(new MixtureCrossEntropy(useNative: false), mixture, weight, bias, targets);

        Assert.IsTrue(native.All(t => isfinite(t).all().item<bool>()));
        foreach ((Tensor a, Tensor b) in native.Zip(plain))
        {
            double largest = Math.Max(b.abs().max().ToDouble(), 1e-3);
            Assert.IsLessThan(1e-5 * largest, (a - b).abs().max().ToDouble());
        }
    }

    [TestMethod]
    [DataRow(true, 40, 3, 64, 501, 100_000)]
    [DataRow(false, 40, 3, 64, 501, 100_000)]
    [DataRow(true, 40, 3, 64, 501, 1, DisplayName = "one mixture a chunk")]
    [DataRow(true, 11, 1, 61, 129, 4 * 129 * 7, DisplayName = "odd numbers of rows")]
    [DataRow(true, 300, 5, 13, 64, 4 * 64 * 1000, DisplayName = "more rows than are multiplied from the first cache")]
    public void Rounding_factors_to_bfloat16_changes_loss_and_gradients_a_little(bool useNative, int n, int k, int d, int v, int chunkBytes)
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(3);
        Tensor? priors = k == 1 ? null : randn([n, k], generator: generator).log_softmax(1);
        var mixture = new Mixture(randn([n * k, d], generator: generator).tanh(), priors);
        Tensor weight = randn([v, d], generator: generator) * 0.3;
        Tensor bias = randn([v], generator: generator);
        Tensor targets = randint(0, v, [n], generator: generator);

        Result rounded = Run(new MixtureCrossEntropy(chunkBytes, useNative), mixture with { Precision = Precision.BFloat16 }, weight, bias, targets);
        Result whole = Run(new MixtureCrossEntropy(chunkBytes, useNative), mixture, weight, bias, targets);

        foreach ((Tensor a, Tensor b) in rounded.Zip(whole))
        {
            double difference = (a - b).abs().max().ToDouble();
            Assert.IsInRange(1e-9, 0.02 * b.abs().max().ToDouble(), difference);
        }
    }

    [TestMethod]
    public void A_target_outside_the_vocabulary_is_an_error()
    {
        using DisposeScope scope = NewDisposeScope();
        using var loss = new MixtureCrossEntropy();
        var mixture = new Mixture(ones(2, 3), null);
        Assert.Throws<Exception>(() => loss.LogLikelihood(mixture, ones(5, 3), zeros(5), tensor([1L, 5L])));
    }

    private static Result Run(MixtureCrossEntropy loss, Mixture mixture, Tensor weight, Tensor bias, Tensor targets)
    {
        using (loss)
        {
            var w = new Parameter(weight.clone());
            var b = new Parameter(bias.clone());
            Tensor forwardOnly = loss.LogLikelihood(mixture, w, b, targets);
            (Tensor logLikelihood, Mixture gradient) = loss.Backpropagate(mixture, w, b, targets, Scale);
            return [forwardOnly, logLikelihood, w.grad!, b.grad!, .. gradient.Tensors];
        }
    }

    private sealed class Result : List<Tensor>;
}
