using System.Diagnostics;
using Benchmarks.Workloads;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks.Measuring;

/// <summary>Measures in the calling process.</summary>
internal static class Measure
{
    private const int Repetitions = 3;

    // The size of a product for which a BLAS allocates the buffers that it then keeps.
    private const int LargeSize = 2048;

    /// <summary>
    /// The time of a run of each case: the minimum over three runs, after an untimed one. The cases take turns, so that other
    /// load on the machine affects all of them.
    /// </summary>
    public static Timing[] Time(Setting setting, Part part, IEnumerable<Case> cases, Device device)
    {
        Workload[] workloads = [.. cases.Select(which => Workload.Create(setting, part, which, device))];
        double[] minimum = [.. workloads.Select(_ => double.PositiveInfinity)];
        for (int round = 0; round <= Repetitions; round++)
        {
            for (int i = 0; i < workloads.Length; i++)
            {
                double seconds = Seconds(workloads[i], device);
                minimum[i] = round == 0 ? minimum[i] : Math.Min(minimum[i], seconds);
            }
        }

        Array.ForEach(workloads, workload => workload.Dispose());
        return [.. workloads.Zip(minimum, (workload, seconds) => new Timing(seconds, workload.Tokens))];
    }

    /// <summary>Peak memory of a first run, over that before it. Meaningful only in a new process.</summary>
    public static long ExtraBytes(Setting setting, Part part, Case which, Device device)
    {
        using (Workload small = Workload.Create(Setting.Small, part, which, device))
        {
            small.Run(); // Compiles code and loads libraries, which is not part of the run.
        }

        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor large = ones(LargeSize, LargeSize);
            large.matmul(large);
        }

        using Workload workload = Workload.Create(setting, part, which, device);
        return PeakMemory.GrowthDuring(workload.Run);
    }

    private static double Seconds(Workload workload, Device device)
    {
        long start = Stopwatch.GetTimestamp();
        workload.Run();
        if (device.type == DeviceType.CUDA)
        {
            cuda.synchronize();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

/// <summary>The time of a run, and its tokens.</summary>
internal readonly record struct Timing(double Seconds, int Tokens);
