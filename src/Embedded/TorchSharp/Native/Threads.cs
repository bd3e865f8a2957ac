namespace TorchSharp.Native;

/// <summary>
/// How many threads libtorch works with. Debian's libtorch counts a single processor on virtual machines whose topology its
/// cpuinfo does not know; then all that this process may use are taken, unless OMP_NUM_THREADS says otherwise.
/// </summary>
internal static class Threads
{
    internal static void UseProcessors()
    {
        if (Missed(LibTorch.mos_threads(), Environment.ProcessorCount, Environment.GetEnvironmentVariable("OMP_NUM_THREADS")))
            LibTorch.Check(LibTorch.mos_set_threads(Environment.ProcessorCount));
    }

    internal static bool Missed(int threads, int processors, string? wanted) =>
        threads == 1 && processors > 1 && string.IsNullOrEmpty(wanted);
}
