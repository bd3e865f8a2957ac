using Mos.Sweeps;

namespace Mos.Tests.Sweeps;

[TestClass]
public class ParetoFrontTests
{
    [TestMethod]
    public void What_another_one_beats_in_one_respect_and_equals_in_the_other_is_not_on_it() => Assert.AreSequenceEqual(
        [(1.0, 9.0), (2, 5), (7, 1)],
        Front((2, 5), (7, 1), (1, 9), (3, 5), (2, 6), (8, 8)));

    [TestMethod]
    public void Equal_ones_are_all_on_it() => Assert.AreSequenceEqual([(1.0, 3.0), (1, 3), (2, 2)], Front((2, 2), (1, 3), (1, 3)));

    [TestMethod]
    public void What_has_no_finite_figure_is_not_on_it_and_beats_nothing() => Assert.AreSequenceEqual(
        [(2.0, 2.0)],
        Front((double.NaN, 1), (1, double.NaN), (2, 2), (double.NegativeInfinity, 1), (1, double.PositiveInfinity)));

    [TestMethod]
    public void Of_nothing_there_is_none() => Assert.IsEmpty(Front());

    private static IReadOnlyList<(double Cost, double Loss)> Front(params (double Cost, double Loss)[] items) =>
        ParetoFront.Of(items, item => item.Cost, item => item.Loss);
}
