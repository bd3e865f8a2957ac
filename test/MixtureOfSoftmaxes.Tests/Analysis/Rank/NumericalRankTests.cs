using Microsoft.ML.MixtureOfSoftmaxes.Analysis;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Analysis.Rank;

[TestClass]
public sealed class NumericalRankTests
{
    [TestMethod]
    public void The_epsilons_are_the_spacings_at_one()
    {
        // Half of sqrt(1 + 2 + 1) is 1.
        Assert.AreEqual(Math.BitIncrement(1.0) - 1, NumericalRank.Threshold(1, 1, 2, NumericalRank.DoubleEpsilon));
        Assert.AreEqual(MathF.BitIncrement(1) - 1, NumericalRank.Threshold(1, 1, 2, NumericalRank.SingleEpsilon));
    }

    [TestMethod]
    public void The_threshold_is_the_expected_round_off() =>
        Assert.AreEqual(10 * 12 / 2.0 * 1e-3, NumericalRank.Threshold(10, 100, 43, 1e-3), 1e-15);

    [TestMethod]
    public void Only_values_above_the_threshold_count() => Assert.AreEqual(2, NumericalRank.Of([5, 2, 1, 0.5, 0], 1));

    [TestMethod]
    [DataRow(new double[] { 3, 3, 3, 3 }, 4.0)]
    [DataRow(new double[] { 7 }, 1.0)]
    [DataRow(new double[] { 7, 0, 0 }, 1.0)]
    [DataRow(new double[] { 2, 1, 1 }, 2.8284271247461903)]
    public void The_effective_rank_is_the_exponential_of_the_entropy(double[] values, double expected) =>
        Assert.AreEqual(expected, NumericalRank.Effective(values), 1e-12);
}
