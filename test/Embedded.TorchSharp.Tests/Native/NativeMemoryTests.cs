using TorchSharp.Modules;

namespace Embedded.TorchSharp.Tests.Native;

[TestClass]
public class NativeMemoryTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void A_hundred_thousand_training_steps_keep_memory_bounded()
    {
        using var network = nn.Linear(8, 4);
        using var optimizer = optim.SGD(network.parameters(), 0.01, momentum: 0.9);
        using var x = randn(16, 8);
        using var target = randint(0, 4, [16]);
        Steps(5_000);
        long before = ResidentKib();
        Steps(100_000);
        long grown = ResidentKib() - before;
        TestContext.WriteLine($"VmRSS {before} KiB after 5,000 steps, {grown:+0;-0} KiB after 100,000 more");
        Assert.IsLessThan(16 * 1024, grown, "KiB");

        void Steps(int count)
        {
            for (int i = 0; i < count; i++) Step(network, optimizer, x, target);
        }
    }

    [TestMethod]
    public void Tensors_that_nobody_disposes_are_collected_because_the_collector_knows_their_size()
    {
        Forget(20);
        long before = ResidentKib();
        Forget(1000);
        long grown = ResidentKib() - before;
        // 1,000 tensors of 4 MB are 4 GB.
        Assert.IsLessThan(1024 * 1024, grown, "KiB");

        static void Forget(int count)
        {
            for (int i = 0; i < count; i++) _ = ones(1024, 1024);
        }
    }

    private static void Step(Linear network, SGD optimizer, Tensor x, Tensor target)
    {
        using var scope = NewDisposeScope();
        var loss = nn.functional.cross_entropy(network.call(x), target);
        optimizer.zero_grad();
        loss.backward();
        nn.utils.clip_grad_norm_(network.parameters(), 1);
        optimizer.step();
    }

    private static long ResidentKib() =>
        long.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmRSS")).Split(' ',
        StringSplitOptions.RemoveEmptyEntries)[1]);
}
