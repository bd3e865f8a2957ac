using Mos.Reports;

namespace Mos.Tests.Reports;

[TestClass]
public sealed class NumbersTests
{
    [TestMethod]
    public void Labels_of_ticks_are_short_and_tell_all_digits()
    {
        CollectionAssert.AreEqual(new[] { "0", "500k", "1M", "1.5M" }, Numbers.Ticks([0, 500e3, 1e6, 1.5e6]).ToArray());
        CollectionAssert.AreEqual(new[] { "300", "1k", "3k" }, Numbers.Ticks([300, 1000, 3000]).ToArray());
        CollectionAssert.AreEqual(new[] { "0", "0.05", "0.1" }, Numbers.Ticks([0, 0.05, 0.1]).ToArray());
        CollectionAssert.AreEqual(new[] { "0", "5e-4", "1e-3", "1.5e-3" }, Numbers.Ticks([0, 0.0005, 0.001, 0.0015]).ToArray());
    }
}
