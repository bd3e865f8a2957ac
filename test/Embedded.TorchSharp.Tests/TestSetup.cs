// Seeds, default types and counts of live tensors are the process's.
[assembly: DoNotParallelize]

namespace Embedded.TorchSharp.Tests;

[TestClass]
public static class TestSetup
{
    // Timings and memory are read with one thread, the same everywhere.
    [AssemblyInitialize]
    public static void UseOneThread(TestContext _) => set_num_threads(1);
}
