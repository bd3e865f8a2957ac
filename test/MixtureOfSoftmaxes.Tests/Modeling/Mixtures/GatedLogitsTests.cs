using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Mixtures;

[TestClass]
public sealed class GatedLogitsTests
{
    private const long OneContextAChunk = 1;

    [TestMethod]
    [DataRow(1, 2, 1, 2, 1, 1, OneContextAChunk)]
    [DataRow(13, 4, 5, 31, 3, 2, 4000L)]
    [DataRow(13, 4, 5, 31, 31, 2, OneContextAChunk)]
    [DataRow(29, 8, 3, 101, 17, 4, 1L << 20)]
    public void Likelihoods_and_distributions_equal_the_definition(int n, int k, int d, int v, int s, int e, long chunkBytes)
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new GatedProblem(n, k, d, v, s, e, seed: n + k);
        double[] expected = problem.LogProbabilities();
        (Mixture mixture, Parameter weight, Parameter bias) = (problem.Mixture(), problem.WeightParameter(), problem.BiasParameter());
        Numbers.AssertClose(expected, Tensors.Values(MixtureDistribution.LogProbabilities(mixture, weight, bias)), 1e-13, "log P");
        using var loss = new MixtureCrossEntropy(chunkBytes);
        double[] ofTargets = [.. problem.Targets.Select((target, i) => expected[(i * v) + target])];
        Numbers.AssertClose(
            ofTargets, Tensors.Values(loss.LogLikelihood(mixture, weight, bias, problem.TargetIds())), 1e-13, "log-likelihood");
        (Tensor logLikelihood, _) = loss.LogLikelihoodAndGradient(mixture, weight, bias, problem.TargetIds(), 1);
        Numbers.AssertClose(ofTargets, Tensors.Values(logLikelihood), 1e-13, "log-likelihood in training");
    }

    [TestMethod]
    [DataRow(1, 2, OneContextAChunk)]
    [DataRow(5, 4, 3000L)]
    [DataRow(3, 8, 1L << 20)]
    public void Gradients_equal_finite_differences(int n, int k, long chunkBytes)
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new GatedProblem(n, k, d: 3, v: 7, s: 3, e: 2, seed: 4);
        using var loss = new MixtureCrossEntropy(chunkBytes);
        (Mixture mixture, Parameter weight, Parameter bias) = (problem.Mixture(), problem.WeightParameter(), problem.BiasParameter());
        Tensor[] inputs = [weight, bias, .. mixture.Tensors];
        (_, Mixture gradient) = loss.LogLikelihoodAndGradient(mixture, weight, bias, problem.TargetIds(), 1);
        Tensor[] gradients = [weight.grad!, bias.grad!, .. gradient.Tensors];
        Assert.HasCount(8, gradients);
        for (int i = 0; i < inputs.Length; i++)
        {
            double[] differences = FiniteDifferences.Of(inputs[i], () => -Likelihood());
            Numbers.AssertClose(differences, Tensors.Values(gradients[i]), 1e-6, $"gradient {i}");
        }

        double Likelihood() => Tensors.Values(loss.LogLikelihood(mixture, weight, bias, problem.TargetIds())).Sum();
    }

    [TestMethod]
    public void Single_precision_in_chunks_equals_double_precision_and_bfloat16_is_near()
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new GatedProblem(n: 40, k: 4, d: 16, v: 211, s: 23, e: 5, seed: 9);
        using var loss = new MixtureCrossEntropy(60_000);
        double[][] exact = Run(ScalarType.Float64, Precision.Float32);
        double[][] singles = Run(ScalarType.Float32, Precision.Float32);
        double[][] rounded = Run(ScalarType.Float32, Precision.BFloat16);
        for (int i = 0; i < exact.Length; i++)
        {
            Numbers.AssertClose(exact[i], singles[i], 1e-5, $"result {i}");
            Numbers.AssertClose(exact[i], rounded[i], 0.05, $"rounded result {i}");
            Assert.Throws<AssertFailedException>(() => Numbers.AssertClose(exact[i], rounded[i], 1e-5, ""), $"result {i} is not rounded");
        }

        double[][] Run(ScalarType type, Precision precision)
        {
            (Parameter weight, Parameter bias) = (problem.WeightParameter(type), problem.BiasParameter(type));
            (Tensor logLikelihood, Mixture gradient) = loss.LogLikelihoodAndGradient(
                problem.Mixture(type) with { Precision = precision }, weight, bias, problem.TargetIds(), 0.3);
            return [.. ((Tensor[])[logLikelihood, weight.grad!, bias.grad!, .. gradient.Tensors]).Select(Tensors.Values)];
        }
    }

    [TestMethod]
    public void Extreme_logits_neither_overflow_nor_meet_a_floor()
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new GatedProblem(n: 12, k: 4, d: 2, v: 9, s: 4, e: 2, seed: 5);
        for (int v = 0; v < problem.V; v++)
        {
            problem.Bias[v] = v % 3 == 0 ? 80 : -80;
        }

        double[] expected = problem.LogProbabilities();
        Assert.IsLessThan(-150, expected.Min());
        (Mixture mixture, Parameter weight, Parameter bias) = (
            problem.Mixture(ScalarType.Float32), problem.WeightParameter(ScalarType.Float32), problem.BiasParameter(ScalarType.Float32));
        Numbers.AssertClose(expected, Tensors.Values(MixtureDistribution.LogProbabilities(mixture, weight, bias)), 1e-6, "log P");
        using var loss = new MixtureCrossEntropy(OneContextAChunk);
        (Tensor logLikelihood, Mixture gradient) = loss.LogLikelihoodAndGradient(mixture, weight, bias, problem.TargetIds(), 1);
        double[] ofTargets = [.. problem.Targets.Select((target, i) => expected[(i * problem.V) + target])];
        Numbers.AssertClose(ofTargets, Tensors.Values(logLikelihood), 1e-6, "log-likelihood");
        Assert.IsTrue(gradient.Tensors.All(tensor => Tensors.Values(tensor).All(double.IsFinite)));
    }

    [TestMethod]
    public void A_pass_leaves_no_graph_and_as_much_in_six_chunks_as_in_one()
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new GatedProblem(n: 6, k: 4, d: 3, v: 7, s: 3, e: 2, seed: 4);
        Assert.AreEqual(Left(1L << 20), Left(OneContextAChunk));

        int Left(long chunkBytes)
        {
            (Mixture mixture, Parameter weight, Parameter bias) = (problem.Mixture(), problem.WeightParameter(), problem.BiasParameter());
            Tensor targets = problem.TargetIds();
            using var loss = new MixtureCrossEntropy(chunkBytes);
            int before = scope.DisposablesCount;
            Tensor scored = loss.LogLikelihood(mixture, weight, bias, targets);
            (_, Mixture gradient) = loss.LogLikelihoodAndGradient(mixture, weight, bias, targets, 1);
            Tensor distributions = MixtureDistribution.LogProbabilities(mixture, weight, bias);
            Tensor[] results = [scored, distributions, .. gradient.Tensors];
            Assert.IsFalse(results.Any(result => result.requires_grad));
            return scope.DisposablesCount - before;
        }
    }
}
