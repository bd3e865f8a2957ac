using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Mixtures;

[TestClass]
public sealed class LikelyExpertsTests
{
    private const int N = 40, K = 6, V = 31;

    [TestMethod]
    [DataRow(0.001, 1)]
    [DataRow(0.1, 1)]
    [DataRow(0.7, 1)]
    [DataRow(0.1, 3, DisplayName = "contexts for partitions of the vocabulary")]
    public void What_is_left_out_has_at_most_the_share_and_the_others_are_mixed_anew(double share, int partitions)
    {
        using DisposeScope scope = NewDisposeScope();
        MixtureProblem problem = Problem(ScalarType.Float64, partitions);
        double[] expected = Mixed(problem, share, out int kept);
        Assert.IsInRange(N, (N * K) - 1, kept, "some are left out");
        Numbers.AssertClose(expected, Probabilities(problem, share), 1e-12, "probabilities");
        double[] ofTargets = [.. problem.Targets.Select((target, n) => expected[(n * V) + target])];
        using var loss = new MixtureCrossEntropy();
        Tensor logLikelihood = LikelyExperts.Find(problem.Mixture(), share)!.LogLikelihood(
            loss, problem.WeightParameter(), problem.BiasParameter(), problem.TargetIds());
        Numbers.AssertClose(ofTargets, Tensors.Values(logLikelihood.exp()), 1e-12, "likelihoods");
    }

    [TestMethod]
    [DataRow(ScalarType.Float32, DisplayName = "by kernels")]
    [DataRow(ScalarType.Float64, DisplayName = "by tensor operations")]
    public void No_probability_is_off_by_more_than_the_share_and_they_sum_to_one(ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        MixtureProblem problem = Problem(type);
        double[] exact = Probabilities(problem, 0);
        foreach (double share in (double[])[1e-4, 0.01, 0.1, 0.4, 0.9])
        {
            double[] near = Probabilities(problem, share);
            Assert.IsLessThan(share + 1e-6, near.Zip(exact, (a, b) => Math.Abs(a - b)).Max());
            Assert.IsTrue(near.Chunk(V).All(row => Math.Abs(row.Sum() - 1) < 1e-5), "sums");
        }
    }

    [TestMethod]
    public void One_expert_or_nothing_to_skip_leaves_a_mixture_as_it_is()
    {
        using DisposeScope scope = NewDisposeScope();
        Mixture mixture = Problem(ScalarType.Float64).Mixture(), one = mixture with { LogPriors = null };
        Assert.AreSame(mixture.Contexts, LikelyExperts.Of(mixture, 0).Contexts);
        Assert.AreSame(one.Contexts, LikelyExperts.Of(one, 0.5).Contexts);
    }

    [TestMethod]
    public void The_likeliest_expert_stays()
    {
        using DisposeScope scope = NewDisposeScope();
        MixtureProblem problem = Problem(ScalarType.Float32);
        Assert.AreEqual(1, LikelyExperts.Of(problem.Mixture(), Math.BitDecrement(1.0)).Experts);
    }

    private static MixtureProblem Problem(ScalarType type, int partitions = 1) => new(N, K, 4, V, seed: 3, type, partitions: partitions);

    private static double[] Probabilities(MixtureProblem problem, double share) => Tensors.Values(MixtureDistribution.LogProbabilities(
        LikelyExperts.Of(problem.Mixture(), share), problem.WeightParameter(), problem.BiasParameter()).exp());

    /// <summary>P of every word without the experts of the smallest priors, as many as sum to no more than the share.</summary>
    private static double[] Mixed(MixtureProblem problem, double share, out int kept)
    {
        var all = new List<double>();
        kept = 0;
        for (int n = 0; n < N; n++)
        {
            double left = 0;
            int[] experts =
            [
                .. Enumerable.Range(0, K).OrderBy(k => problem.LogPrior(n, k))
                    .SkipWhile(k => (left += Math.Exp(problem.LogPrior(n, k))) <= share),
            ];
            kept += experts.Length;
            double total = experts.Sum(k => Math.Exp(problem.LogPrior(n, k)));
            double[] row = new double[V];
            foreach (int k in experts)
            {
                double[] logits = problem.Logits((n * K) + k).Logits;
                double norm = Numbers.LogSumExp(logits);
                row = [.. row.Select((p, v) => p + (Math.Exp(problem.LogPrior(n, k) + logits[v] - norm) / total))];
            }

            all.AddRange(row);
        }

        return [.. all];
    }
}
