using System.Diagnostics;

namespace Embedded.TorchSharp.Tests.Native;

[TestClass]
public class OverheadTests
{
    public required TestContext TestContext { get; set; }

    // The target is 1.5 us; the bound leaves room for a busy machine.
    [TestMethod]
    public void A_small_operator_costs_less_than_ten_microseconds()
    {
        using var mode = no_grad();
        using var a = randn(4);
        using var b = randn(4);
        double add = Nanoseconds(() => a.add(b).Dispose());
        Print("add, disposed", add);
        Print("add_", Nanoseconds(() => a.add_(b)));
        Print("a + b in a scope of 20", Nanoseconds(() => AddTwenty(a, b), 5_000) / 20);
        Print("shape", Nanoseconds(() => _ = a.shape));
        using var one = randn(1);
        Print("item", Nanoseconds(() => one.item<float>()));
        Assert.IsLessThan(10_000, add);
    }

    private static void AddTwenty(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        for (int i = 0; i < 20; i++) _ = a + b;
    }

    private void Print(string what, double nanoseconds) => TestContext.WriteLine($"{what}: {nanoseconds:F0} ns");

    private static double Nanoseconds(Action action, int repetitions = 50_000)
    {
        double best = double.MaxValue;
        for (int run = 0; run < 5; run++)
        {
            var watch = Stopwatch.StartNew();
            for (int i = 0; i < repetitions; i++) action();
            best = Math.Min(best, watch.Elapsed.TotalNanoseconds / repetitions);
        }
        return best;
    }
}
