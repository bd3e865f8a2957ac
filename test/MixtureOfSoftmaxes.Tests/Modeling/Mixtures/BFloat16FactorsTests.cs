using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Mixtures;

/// <summary>With the factors of its products rounded to bfloat16 the loss stays close to that of float32.</summary>
[TestClass]
public sealed class BFloat16FactorsTests
{
    private const double Scale = 0.7;

    [TestMethod]
    [DataRow(40, 3, 64, 501, 100_000)]
    [DataRow(40, 3, 64, 501, 1, DisplayName = "one mixture a chunk")]
    [DataRow(11, 1, 61, 129, 4 * 129 * 7, DisplayName = "odd numbers of rows")]
    [DataRow(300, 5, 13, 64, 4 * 64 * 1000)]
    public void Rounding_factors_to_bfloat16_changes_loss_and_gradients_a_little(int n, int k, int d, int v, int chunkBytes)
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(3);
        Tensor? priors = k == 1 ? null : randn([n, k], generator: generator).log_softmax(1);
        var mixture = new Mixture(randn([n * k, d], generator: generator).tanh(), priors);
        Tensor weight = randn([v, d], generator: generator) * 0.3;
        Tensor bias = randn([v], generator: generator);
        Tensor targets = randint(0, v, [n], generator: generator);

        Result rounded = Run(new MixtureCrossEntropy(chunkBytes), mixture with { Precision = Precision.BFloat16 }, weight, bias, targets);
        Result whole = Run(new MixtureCrossEntropy(chunkBytes), mixture, weight, bias, targets);

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
            (Tensor logLikelihood, Mixture gradient) = loss.LogLikelihoodAndGradient(mixture, w, b, targets, Scale);
            return [forwardOnly, logLikelihood, w.grad!, b.grad!, .. gradient.Tensors];
        }
    }

    private sealed class Result : List<Tensor>;
}
