using Mos.Reports.Drawing;
using Mos.Tests.Support;

namespace Mos.Tests.Reports.Drawing;

/// <summary>The scales of axes, and the ticks on them.</summary>
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
        CollectionAssert.AreEqual(HtmlPages.Values(expected), Ticks.Linear(minimum, maximum, 6).ToArray());

    [TestMethod]
    [DataRow(60, 900, "100 200 500")]
    [DataRow(50, 9800, "100 300 1000 3000")]
    [DataRow(0.5, 60000, "1 10 100 1000 10000")]
    [DataRow(60, 130, "60 80 100 120")]
    [DataRow(0.5, 2e12, "1 1e5 1e10")]
    public void Logarithmic_ticks_are_round_and_alike_in_every_power_of_ten(double minimum, double maximum, string expected) =>
        CollectionAssert.AreEqual(HtmlPages.Values(expected), Ticks.Logarithmic(minimum, maximum, 6).ToArray());

    [TestMethod]
    public void A_logarithmic_scale_gives_equal_factors_equal_lengths()
    {
        var scale = new LogarithmicScale(10, 1000);
        Assert.AreEqual(0.5, scale.Share(100), 1e-12);
        Assert.AreEqual(1.0 / 4, scale.Share(Math.Sqrt(1000)), 1e-12);
    }
}
