using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Mixtures;

[TestClass]
public sealed class MixtureCrossEntropyTests
{
    private const long OneMixtureAChunk = 1;
    private const double Scale = 0.37;

    [TestMethod]
    [DataRow(1, 1, 1, 2, OneMixtureAChunk, false)]
    [DataRow(1, 4, 3, 7, OneMixtureAChunk, false)]
    [DataRow(13, 1, 5, 31, 1000L, false)]
    [DataRow(13, 3, 5, 31, OneMixtureAChunk, false)]
    [DataRow(29, 5, 7, 101, 5 * 101 * 8 * 10L, false)]
    [DataRow(64, 2, 4, 128, 1L << 20, false)]
    [DataRow(1, 1, 1, 2, OneMixtureAChunk, true)]
    [DataRow(13, 1, 5, 31, 1000L, true)]
    [DataRow(13, 3, 5, 31, OneMixtureAChunk, true)]
    [DataRow(29, 5, 7, 101, 5 * 101 * 8 * 10L, true)]
    public void Loss_and_gradients_equal_the_closed_form(int n, int k, int d, int v, long chunkBytes, bool isSigSoftmax)
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(n, k, d, v, seed: n + k, isSigSoftmax: isSigSoftmax);
        using var loss = new MixtureCrossEntropy(chunkBytes);
        AssertEqualsClosedForm(loss, problem, 1e-12);
    }

    [TestMethod]
    [DataRow(1, 1, 1, 2, 2, OneMixtureAChunk)]
    [DataRow(13, 1, 5, 31, 4, OneMixtureAChunk)]
    [DataRow(13, 3, 5, 31, 2, 3000L)]
    [DataRow(29, 5, 7, 101, 3, 1L << 20)]
    [DataRow(3, 2, 2, 5, 5, OneMixtureAChunk)]
    public void So_they_do_with_contexts_for_each_partition_of_the_vocabulary(int n, int k, int d, int v, int partitions, long chunkBytes)
    {
        using DisposeScope scope = NewDisposeScope();
        using var loss = new MixtureCrossEntropy(chunkBytes);
        AssertEqualsClosedForm(loss, new MixtureProblem(n, k, d, v, seed: n, partitions: partitions), 1e-12);
    }

    [TestMethod]
    public void Without_priors_it_is_the_cross_entropy_of_one_softmax()
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(9, 1, 4, 17, seed: 3, hasPriors: false);
        using var loss = new MixtureCrossEntropy(3 * 17 * 8);
        (Tensor logLikelihood, Mixture gradient) = loss.LogLikelihoodAndGradient(
            problem.Mixture(), problem.WeightParameter(), problem.BiasParameter(), problem.TargetIds(), Scale);
        var expected = new ClosedForm(problem, Scale);
        Numbers.AssertClose(expected.LogLikelihood, Tensors.Values(logLikelihood), 1e-12, "log-likelihood");
        Numbers.AssertClose(expected.GradContexts, Tensors.Values(gradient.Contexts), 1e-12, "gradient by contexts");
        Assert.IsNull(gradient.LogPriors);
    }

    [TestMethod]
    [DataRow(17, 3, 8, 53, OneMixtureAChunk, false)]
    [DataRow(40, 8, 16, 211, 8 * 211 * 4 * 7L, false)]
    [DataRow(40, 8, 16, 211, 8 * 211 * 4 * 7L, true)]
    public void Single_precision_equals_the_materialised_formulation_under_autograd(
        int n, int k, int d, int v, long chunkBytes, bool isSigSoftmax)
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(n, k, d, v, seed: v, ScalarType.Float32, isSigSoftmax: isSigSoftmax);
        Mixture mixture = problem.Mixture(requiresGrad: true);
        (Parameter weight, Parameter bias) = (problem.WeightParameter(), problem.BiasParameter());
        Tensor logits = mixture.Contexts.matmul(weight.t()) + bias;
        Tensor weights = isSigSoftmax ? logits.exp() * logits.sigmoid() : logits.exp();
        Tensor targets = problem.TargetIds().unsqueeze(1).expand(n, k).reshape(-1, 1);
        Tensor joint = (weights / weights.sum(1, keepdim: true)).log().gather(1, targets).view(n, k) + mixture.LogPriors!;
        Tensor materialised = joint.logsumexp(1);
        (materialised.sum() * -Scale).backward();

        using var loss = new MixtureCrossEntropy(chunkBytes);
        (Parameter fusedWeight, Parameter fusedBias) = (problem.WeightParameter(), problem.BiasParameter());
        (Tensor logLikelihood, Mixture gradient) =
            loss.LogLikelihoodAndGradient(problem.Mixture(), fusedWeight, fusedBias, problem.TargetIds(), Scale);
        AssertClose(materialised, logLikelihood, "log-likelihood");
        AssertClose(mixture.Contexts.grad!, gradient.Contexts, "gradient by contexts");
        AssertClose(mixture.LogPriors!.grad!, gradient.LogPriors!, "gradient by log priors");
        AssertClose(weight.grad!, fusedWeight.grad!, "gradient by the decoder");
        AssertClose(bias.grad!, fusedBias.grad!, "gradient by the bias");

        static void AssertClose(Tensor expected, Tensor actual, string what) =>
            Numbers.AssertClose(Tensors.Values(expected), Tensors.Values(actual), 1e-5, what);
    }

    [TestMethod]
    [DataRow(false, 1)]
    [DataRow(true, 1)]
    [DataRow(false, 4)]
    public void Its_gradients_equal_finite_differences_of_its_loss(bool isSigSoftmax, int partitions)
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(4, 3, 2, 6, seed: 11, isSigSoftmax: isSigSoftmax, partitions: partitions);
        using var loss = new MixtureCrossEntropy(OneMixtureAChunk);
        (Mixture mixture, Parameter weight, Parameter bias) = (problem.Mixture(), problem.WeightParameter(), problem.BiasParameter());
        (_, Mixture gradient) = loss.LogLikelihoodAndGradient(mixture, weight, bias, problem.TargetIds(), 1);
        AssertDerivative(mixture.Contexts, gradient.Contexts, "contexts");
        AssertDerivative(mixture.LogPriors!, gradient.LogPriors!, "log priors");
        AssertDerivative(weight, weight.grad!, "decoder");
        AssertDerivative(bias, bias.grad!, "bias");

        void AssertDerivative(Tensor x, Tensor gradient, string what) =>
            Numbers.AssertClose(FiniteDifferences.Of(x, Loss), Tensors.Values(gradient), 1e-6, $"gradient by {what}");

        double Loss() => -Tensors.Values(loss.LogLikelihood(mixture, weight, bias, problem.TargetIds())).Sum();
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Extreme_logits_neither_overflow_nor_meet_a_floor(bool isSigSoftmax)
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(12, 3, 2, 9, seed: 5, ScalarType.Float32, isSigSoftmax: isSigSoftmax);
        for (int v = 0; v < problem.V; v++)
        {
            problem.Bias[v] = v % 3 == 0 ? 80 : -80;
        }

        using var loss = new MixtureCrossEntropy(OneMixtureAChunk);
        var expected = AssertEqualsClosedForm(loss, problem, 2e-5);
        Assert.IsLessThan(-150.0, expected.LogLikelihood.Min(), "a target that no expert believes in is among them");
    }

    [TestMethod]
    public void A_log_prior_of_minus_infinity_is_an_expert_without_a_share()
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(1, 2, 3, 5, seed: 2);
        Tensor logPriors = Tensors.Of([0, double.NegativeInfinity], 1, 2);
        using var loss = new MixtureCrossEntropy();
        (Tensor logLikelihood, Mixture gradient) = loss.LogLikelihoodAndGradient(
            new Mixture(problem.Mixture().Contexts, logPriors), problem.WeightParameter(), problem.BiasParameter(), problem.TargetIds(), 1);
        double[] logits =
        [
            .. Enumerable.Range(0, 5).Select(v =>
                problem.Bias[v] + Numbers.Dot(problem.Contexts.AsSpan(0, 3), problem.Weight.AsSpan(v * 3, 3))),
        ];
        Assert.AreEqual(logits[problem.Targets[0]] - Numbers.LogSumExp(logits), Tensors.Values(logLikelihood)[0], 1e-12);
        Assert.AreSequenceEqual([-1.0, 0.0], Tensors.Values(gradient.LogPriors!));
        Assert.AreSequenceEqual([0.0, 0.0, 0.0], Tensors.Values(gradient.Contexts)[3..]);
    }

    [TestMethod]
    public void Scoring_gives_the_same_log_likelihood_and_records_no_graph()
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(10, 4, 6, 23, seed: 8, ScalarType.Float32);
        using var loss = new MixtureCrossEntropy(4 * 23 * 4 * 3);
        Mixture mixture = problem.Mixture(requiresGrad: true);
        (Parameter weight, Parameter bias) = (problem.WeightParameter(), problem.BiasParameter());
        Tensor scored = loss.LogLikelihood(mixture, weight, bias, problem.TargetIds());
        (Tensor trained, Mixture gradient) = loss.LogLikelihoodAndGradient(mixture, weight, bias, problem.TargetIds(), 1);
        Assert.AreSequenceEqual(Tensors.Bits(trained), Tensors.Bits(scored));
        Assert.IsFalse(scored.requires_grad);
        Assert.IsFalse(gradient.Contexts.requires_grad);
    }

    [TestMethod]
    public void One_object_serves_problems_of_any_size_and_adds_up_decoder_gradients()
    {
        using DisposeScope scope = NewDisposeScope();
        using var loss = new MixtureCrossEntropy();
        AssertEqualsClosedForm(loss, new MixtureProblem(30, 3, 4, 19, seed: 1), 1e-12);
        AssertEqualsClosedForm(loss, new MixtureProblem(2, 1, 4, 7, seed: 2), 1e-12);
        AssertEqualsClosedForm(loss, new MixtureProblem(50, 4, 4, 29, seed: 3), 1e-12);

        var problem = new MixtureProblem(5, 2, 3, 11, seed: 4);
        (Parameter weight, Parameter bias) = (problem.WeightParameter(), problem.BiasParameter());
        for (int pass = 0; pass < 2; pass++)
        {
            loss.LogLikelihoodAndGradient(problem.Mixture(), weight, bias, problem.TargetIds(), Scale);
        }

        var twice = new ClosedForm(problem, 2 * Scale);
        Numbers.AssertClose(twice.GradWeight, Tensors.Values(weight.grad!), 1e-12, "gradient by the decoder");
        Numbers.AssertClose(twice.GradBias, Tensors.Values(bias.grad!), 1e-12, "gradient by the bias");
    }

    private static ClosedForm AssertEqualsClosedForm(MixtureCrossEntropy loss, MixtureProblem problem, double tolerance)
    {
        (Parameter weight, Parameter bias) = (problem.WeightParameter(), problem.BiasParameter());
        (Tensor logLikelihood, Mixture gradient) =
            loss.LogLikelihoodAndGradient(problem.Mixture(), weight, bias, problem.TargetIds(), Scale);
        var expected = new ClosedForm(problem, Scale);
        Numbers.AssertClose(expected.LogLikelihood, Tensors.Values(logLikelihood), tolerance, "log-likelihood");
        Numbers.AssertClose(expected.GradContexts, Tensors.Values(gradient.Contexts), tolerance, "gradient by contexts");
        Numbers.AssertClose(expected.GradLogPriors, Tensors.Values(gradient.LogPriors!), tolerance, "gradient by log priors");
        Numbers.AssertClose(expected.GradWeight, Tensors.Values(weight.grad!), tolerance, "gradient by the decoder");
        Numbers.AssertClose(expected.GradBias, Tensors.Values(bias.grad!), tolerance, "gradient by the bias");
        return expected;
    }
}
