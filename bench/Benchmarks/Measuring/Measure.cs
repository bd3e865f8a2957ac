using System.Diagnostics;
using Benchmarks.Workloads;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks.Measuring;

/// <summary>Measurements, made in the process that calls.</summary>
internal static class Measure
{
    private const int Repetitions = 3;

    // Of a product that makes BLAS set up what it keeps for all later ones.
    private const int LargeSize = 2048;

    /// <summary>
    /// Seconds of a run of each case: the least of three, taken in turns after one untimed, so that whatever else the machine
    /// does meets all of them.
    /// </summary>
    public static Timing[] Time(Setting setting, Part part, IEnumerable<Case> cases, Device device)
    {
        Workload[] workloads = [.. cases.Select(which => Workload.Create(setting, part, which, device))];
        double[] least = [.. workloads.Select(_ => double.PositiveInfinity)];
        for (int round = 0; round <= Repetitions; round++)
        {
            for (int i = 0; i < workloads.Length; i++)
            {
                double seconds = Seconds(workloads[i], device);
                least[i] = round == 0 ? least[i] : Math.Min(least[i], seconds);
            }
        }

        Array.ForEach(workloads, workload => workload.Dispose());
        return [.. workloads.Zip(least, (workload, seconds) => new Timing(seconds, workload.Tokens))];
    }

    /// <summary>Bytes that a first run takes over what is in memory before it; meaningful in a fresh process only.</summary>
    public static long ExtraBytes(Setting setting, Part part, Case which, Device device)
    {
        using (Workload small = Workload.Create(Setting.Small, part, which, device))
        {
            small.Run(); // Code is compiled, libraries are loaded.
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

/// <summary>What a run took, and how many tokens it went through.</summary>
internal readonly record struct Timing(double Seconds, int Tokens);
