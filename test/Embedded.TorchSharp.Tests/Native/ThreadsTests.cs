using TorchSharp.Native;

namespace Embedded.TorchSharp.Tests.Native;

[TestClass]
public class ThreadsTests
{
    [TestMethod]
    [DataRow(1, 2, null, true)]
    [DataRow(1, 2, "", true)]
    [DataRow(1, 2, "1", false)]
    [DataRow(1, 1, null, false)]
    [DataRow(4, 8, null, false)]
    public void Processors_that_libtorch_missed_are_taken_unless_told_otherwise(int threads, int processors, string? wanted, bool missed) =>
        Assert.AreEqual(missed, Threads.Missed(threads, processors, wanted));

    [TestMethod]
    public void Matrix_products_of_float32_are_right_whatever_is_transposed()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (randn(37, 53), randn(53, 41));
        var expected = a.to(float64).mm(b.to(float64));
        foreach (var left in new[] { a, a.t().contiguous().t() })
            foreach (var right in new[] { b, b.t().contiguous().t() })
                Assert.IsLessThan(1e-4, (left.mm(right).to(float64) - expected).abs().max().item<double>());
    }
}
