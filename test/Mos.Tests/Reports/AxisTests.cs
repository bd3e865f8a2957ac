using Mos.Reports;

namespace Mos.Tests.Reports;

/// <summary>Scales of axes and the round values on them.</summary>
[TestClass]
public sealed class AxisTests
{
    [TestMethod]
    [DataRow(0, 10, "0 2 4 6 8 10")]
    [DataRow(0, 1, "0 0.2 0.4 0.6 0.8 1")]
    [DataRow(0, 0.3, "0 0.1 0.2 0.3")]
    [DataRow(0, 929589, "0 200000 400000 600000 800000")]
    [DataRow(-3, 4, "-2 0 2 4")]
    [DataRow(101, 139, "110 120 130")]
    public void Linear_ticks_are_the_densest_round_values_of_at_most_six(double minimum, double maximum, string expected) =>
        CollectionAssert.AreEqual(Pages.Values(expected), Ticks.Linear(minimum, maximum, 6).ToArray());

    [TestMethod]
    [DataRow(60, 900, "100 200 500")]
    [DataRow(50, 9800, "100 300 1000 3000")]
    [DataRow(0.5, 60000, "1 10 100 1000 10000")]
    [DataRow(60, 130, "60 80 100 120")]
    [DataRow(0.5, 2e12, "1 1e5 1e10")]
    public void Logarithmic_ticks_are_round_and_alike_in_every_power_of_ten(double minimum, double maximum, string expected) =>
        CollectionAssert.AreEqual(Pages.Values(expected), Ticks.Logarithmic(minimum, maximum, 6).ToArray());

    [TestMethod]
    public void Labels_of_ticks_are_short_and_tell_all_digits()
    {
        CollectionAssert.AreEqual(new[] { "0", "500k", "1M", "1.5M" }, Numbers.Ticks([0, 500e3, 1e6, 1.5e6]).ToArray());
        CollectionAssert.AreEqual(new[] { "300", "1k", "3k" }, Numbers.Ticks([300, 1000, 3000]).ToArray());
        CollectionAssert.AreEqual(new[] { "0", "0.05", "0.1" }, Numbers.Ticks([0, 0.05, 0.1]).ToArray());
        CollectionAssert.AreEqual(new[] { "0", "5e-4", "1e-3", "1.5e-3" }, Numbers.Ticks([0, 0.0005, 0.001, 0.0015]).ToArray());
    }

    [TestMethod]
    public void A_logarithmic_scale_gives_equal_factors_equal_lengths()
    {
        var scale = new LogarithmicScale(10, 1000);
        Assert.AreEqual(0.5, scale.Share(100), 1e-12);
        Assert.AreEqual(1.0 / 4, scale.Share(Math.Sqrt(1000)), 1e-12);
    }
}
