namespace Mos.Sweeps.Measuring;

/// <summary>Measures by how much the memory of this process grows during an action.</summary>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status";

    /// <summary>Peak resident memory during the action, less that before it, in bytes.</summary>
    public static long GrowthDuring(Action action) => TryResetPeak() ? ByKernel(action) : BySampling(action);

    /// <summary>Resets the peak that Linux records for the process to its current memory (proc(5), clear_refs).</summary>
    private static bool TryResetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long ByKernel(Action action)
    {
        long before = Read("VmRSS:");
        action();
        return Read("VmHWM:") - before;
    }

    private static long BySampling(Action action)
    {
        long before = Environment.WorkingSet, peak = before;
        using var done = new ManualResetEventSlim();
        var sampler = new Thread(() =>
        {
            do
            {
                peak = Math.Max(peak, Environment.WorkingSet);
            }
            while (!done.Wait(millisecondsTimeout: 1));
        });
        sampler.Start();
        action();
        done.Set();
        sampler.Join();
        return peak - before;
    }

    private static long Read(string field)
    {
        string line = File.ReadLines(Status).Single(line => line.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]);
    }
}
