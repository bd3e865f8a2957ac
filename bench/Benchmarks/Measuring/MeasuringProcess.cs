using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Benchmarks.Measuring;

/// <summary>
/// Measures in new processes, so that no measurement leaves memory to the next, and the number of threads is set before libraries
/// read it.
/// </summary>
/// <param name="device">cpu or cuda.</param>
/// <param name="threads">The number of CPU threads; null for as many as the libraries choose.</param>
internal sealed class MeasuringProcess(string device, int? threads)
{
    /// <summary>The times of several cases, which take turns.</summary>
    public Timing[] Time(Setting setting, Part part, IReadOnlyList<Case> cases) =>
        Run<Timing[]>(MeasureCommand.Time, setting, part, cases);

    public long ExtraBytes(Setting setting, Part part, Case which) => Run<long>(MeasureCommand.Memory, setting, part, [which]);

    private T Run<T>(string what, Setting setting, Part part, IReadOnlyList<Case> cases)
    {
        string self = Environment.ProcessPath!;
        string[] command =
        [
            .. Path.GetFileNameWithoutExtension(self) == "dotnet" ? (string[])[typeof(Setting).Assembly.Location] : [],
            MeasureCommand.CommandName, what, setting.Name, $"{part}", .. cases.Select(MeasureCommand.Text), "--device", device,
        ];
        var start = new ProcessStartInfo(self, command) { RedirectStandardOutput = true };
        foreach (string variable in (string[])["OMP_NUM_THREADS", "MKL_NUM_THREADS"])
        {
            if (threads is not null)
            {
                start.Environment[variable] = $"{threads}";
            }
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<T>(output, FigureJson.Options)!
            : throw new MeasurementFailedException(process.ExitCode);
    }
}

/// <summary>A measuring process failed. Its own message is on standard error.</summary>
internal sealed class MeasurementFailedException(int exitCode) : Exception(
    $"A measuring process ended with exit code {exitCode}{(exitCode == 137 ? ": the machine ran out of memory" : "")}.");
