using System.Diagnostics;
using Benchmarks.Workloads;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Mos.Sweeps.Measuring;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks.Measuring;

/// <summary>Measures in the calling process.</summary>
internal static class Measure
{
    private const int Repetitions = 3;

    // A GPU is given several runs before it is waited for, as in training: what a run takes is milliseconds.
    private const int RunsOnGpu = 20;

    // The size of a product for which a BLAS allocates the buffers that it then keeps.
    private const int LargeSize = 2048;

    /// <summary>
    /// The time of a run of each case: the minimum over three runs, after an untimed one. The cases take turns, so that other
    /// load on the machine affects all of them.
    /// </summary>
    public static Timing[] Time(Setting setting, Part part, IEnumerable<Case> cases, Device device)
    {
        Case[] all = [.. cases];
        Workload[] workloads = [.. all.Select(which => Workload.Create(setting, part, which, device))];
        double[] minimum = [.. workloads.Select(_ => double.PositiveInfinity)];
        for (int round = 0; round <= Repetitions; round++)
        {
            for (int i = 0; i < workloads.Length; i++)
            {
                double seconds = Seconds(workloads[i], all[i].Precision, device);
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
            Tensor large = ones(LargeSize, LargeSize, device: device);
            large.matmul(large);
        }

        using Workload workload = Workload.Create(setting, part, which, device);
        return device.type == DeviceType.CUDA
            ? GrowthOnGpu(() => RunOnGpu(workload, which.Precision, runs: 1))
            : PeakMemory.GrowthDuring(workload.Run);
    }

    private static double Seconds(Workload workload, Precision precision, Device device)
    {
        int runs = device.type == DeviceType.CUDA ? RunsOnGpu : 1;
        long start = Stopwatch.GetTimestamp();
        if (device.type == DeviceType.CUDA)
        {
            RunOnGpu(workload, precision, runs);
        }
        else
        {
            workload.Run();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / runs;
    }

    private static void RunOnGpu(Workload workload, Precision precision, int runs)
    {
        using TensorFloat32.Use use = TensorFloat32.Set(precision != Precision.Float32);
        for (int run = 0; run < runs; run++)
        {
            workload.Run();
        }

        cuda.synchronize();
    }

    /// <summary>What the driver has less of after it: libtorch keeps what it takes, so the growth is the peak.</summary>
    private static long GrowthOnGpu(Action action)
    {
        cuda.synchronize();
        long before = CudaDriver.Instance!.Memory(gpu: 0).Free;
        action();
        return before - CudaDriver.Instance.Memory(gpu: 0).Free;
    }
}

/// <summary>The time of a run, and its tokens.</summary>
internal readonly record struct Timing(double Seconds, int Tokens);
