using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Mixtures;

[TestClass]
public sealed class MonotonicLogitsTests
{
    private const double Range = 1.5;
    private const long OneMixtureAChunk = 1;

    // The widths of pieces are 0.6: logits are on every one of them, and outside on both sides.
    private static readonly double[] s_slopes = [0.5, 2, 0.25, 1.5, 3];

    [TestMethod]
    public void The_function_goes_through_its_knots_and_on_outside()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor z = Tensors.Of([-3.5, -1.5, -0.9, -0.6, -0.3, 0, 0.3, 0.9, 1.5, 2.5], 2, 5);
        _ = new MonotonicLogits(new(Tensors.Of(s_slopes, 5), Range), z);
        Numbers.AssertClose([-2.5, -1.5, -1.2, -0.6, 0, 0.075, 0.15, 1.05, 2.85, 5.85], Tensors.Values(z), 1e-14, "f(z)");
    }

    [TestMethod]
    public void Slopes_of_one_change_nothing()
    {
        using DisposeScope scope = NewDisposeScope();
        double[] values = Numbers.Gaussian(new Random(1), 60, scale: 3);
        Tensor z = Tensors.Of(values, 4, 15);
        _ = new MonotonicLogits(new(Tensors.Of([1, 1, 1], 3), Range), z);
        Numbers.AssertClose(values, Tensors.Values(z), 1e-14, "f(z)");
    }

    [TestMethod]
    public void What_is_not_a_number_stays_so_and_infinities_stay_infinite()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor z = Tensors.Of([double.NaN, double.PositiveInfinity, double.NegativeInfinity], 1, 3).to(ScalarType.Float32);
        _ = new MonotonicLogits(new(Tensors.Of(s_slopes, 5).to(ScalarType.Float32), Range), z);
        Assert.AreSequenceEqual([double.NaN, double.PositiveInfinity, double.NegativeInfinity], Tensors.Values(z));
    }

    [TestMethod]
    [DataRow(1, OneMixtureAChunk)]
    [DataRow(3, 4000L)]
    [DataRow(3, 1L << 20)]
    public void Likelihoods_and_distributions_equal_the_definition(int k, long chunkBytes)
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(13, k, 4, 31, seed: k);
        (Mixture mixture, Parameter weight, Parameter bias) = (Mixture(problem), problem.WeightParameter(), problem.BiasParameter());
        double[] expected = [.. Enumerable.Range(0, problem.N).SelectMany(n => LogProbabilities(problem, n))];
        Numbers.AssertClose(expected, Tensors.Values(MixtureDistribution.LogProbabilities(mixture, weight, bias)), 1e-13, "log P");
        using var loss = new MixtureCrossEntropy(chunkBytes);
        double[] ofTargets = [.. problem.Targets.Select((target, n) => expected[(n * problem.V) + target])];
        Numbers.AssertClose(
            ofTargets, Tensors.Values(loss.LogLikelihood(mixture, weight, bias, problem.TargetIds())), 1e-13, "log-likelihood");
    }

    [TestMethod]
    [DataRow(1, OneMixtureAChunk)]
    [DataRow(2, 1L << 20)]
    public void Gradients_equal_finite_differences(int k, long chunkBytes)
    {
        using DisposeScope scope = NewDisposeScope();
        var problem = new MixtureProblem(5, k, 2, 9, seed: 11);
        using var loss = new MixtureCrossEntropy(chunkBytes);
        (Mixture mixture, Parameter weight, Parameter bias) = (Mixture(problem), problem.WeightParameter(), problem.BiasParameter());
        (_, Mixture gradient) = loss.LogLikelihoodAndGradient(mixture, weight, bias, problem.TargetIds(), 1);
        Tensor[] inputs = [weight, bias, .. mixture.Tensors];
        Tensor[] gradients = [weight.grad!, bias.grad!, .. gradient.Tensors];
        Assert.HasCount(5, gradients);
        Assert.IsGreaterThan(0.01, Tensors.Values(gradient.Increase!.Slopes).Min(Math.Abs), "there are logits on every piece");
        for (int i = 0; i < inputs.Length; i++)
        {
            Numbers.AssertClose(FiniteDifferences.Of(inputs[i], Loss), Tensors.Values(gradients[i]), 1e-6, $"gradient {i}");
        }

        double Loss() => -Tensors.Values(loss.LogLikelihood(mixture, weight, bias, problem.TargetIds())).Sum();
    }

    [TestMethod]
    public void Single_precision_in_chunks_equals_double_precision_and_is_the_same_bits_again()
    {
        using DisposeScope scope = NewDisposeScope();
        double[][] exact = Run(ScalarType.Float64), single = Run(ScalarType.Float32), again = Run(ScalarType.Float32);
        for (int i = 0; i < exact.Length; i++)
        {
            Numbers.AssertClose(exact[i], single[i], 2e-5, $"result {i}");
            Assert.AreSequenceEqual(single[i], again[i]);
        }

        static double[][] Run(ScalarType type)
        {
            var problem = new MixtureProblem(200, 1, 16, 1009, seed: 5, hasPriors: false);
            using var loss = new MixtureCrossEntropy(2_000_000);
            (Parameter weight, Parameter bias) = (
                new(Tensors.Of(problem.Weight, problem.V, problem.D).to(type)), new(Tensors.Of(problem.Bias, problem.V).to(type)));
            Mixture mixture = Mixture(problem);
            mixture = mixture with { Contexts = mixture.Contexts.to(type), Increase = new(mixture.Increase!.Slopes.to(type), Range) };
            (Tensor logLikelihood, Mixture gradient) = loss.LogLikelihoodAndGradient(mixture, weight, bias, problem.TargetIds(), 0.3);
            return [.. ((Tensor[])[logLikelihood, weight.grad!, bias.grad!, .. gradient.Tensors]).Select(Tensors.Values)];
        }
    }

    private static Mixture Mixture(MixtureProblem problem) => problem.Mixture() with { Increase = new(Tensors.Of(s_slopes, 5), Range) };

    private static double[] LogProbabilities(MixtureProblem problem, int n)
    {
        double[][] experts =
        [
            .. Enumerable.Range(0, problem.K).Select(k =>
            {
                double[] logits = [.. problem.Logits((n * problem.K) + k).Logits.Select(Increase)];
                double shift = problem.LogPrior(n, k) - Numbers.LogSumExp(logits);
                return (double[])[.. logits.Select(logit => logit + shift)];
            }),
        ];
        return [.. Enumerable.Range(0, problem.V).Select(v => Numbers.LogSumExp([.. experts.Select(expert => expert[v])]))];
    }

    /// <summary>What the pieces add up to on the way to z; the first reaches down, the last up, without end.</summary>
    private static double Increase(double z)
    {
        double sum = -Range, width = 2 * Range / s_slopes.Length;
        for (int i = 0; i < s_slopes.Length; i++)
        {
            double beyond = z + Range - (i * width);
            beyond = i == 0 ? beyond : Math.Max(beyond, 0);
            sum += s_slopes[i] * (i == s_slopes.Length - 1 ? beyond : Math.Min(beyond, width));
        }

        return sum;
    }
}
