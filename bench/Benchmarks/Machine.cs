using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Benchmarks;

/// <summary>The machine and the libraries on which figures were measured.</summary>
internal sealed record Machine(
    string Name, string Processor, int Cores, string Device, int Threads, string System, string Runtime, string LibTorch,
    string TorchSharp, IReadOnlyList<string> Blas)
{
    /// <param name="device">cpu or cuda.</param>
    /// <param name="threads">The number of CPU threads; null for as many as libtorch chooses.</param>
    public static Machine Describe(string device, int? threads) => new(
        Environment.MachineName, ReadProcessor(), Environment.ProcessorCount, device, threads ?? torch.get_num_threads(),
        RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, torch.__version__,
        VersionOf(typeof(torch).Assembly), LoadedBlas());

    private static string ReadProcessor()
    {
        const string Information = "/proc/cpuinfo", Field = "model name";
        string? line = File.Exists(Information)
            ? File.ReadLines(Information).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal))
            : null;
        return line is null ? $"{RuntimeInformation.ProcessArchitecture}" : line[(line.IndexOf(':') + 1)..].Trim();
    }

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? $"{assembly.GetName().Version}";

    /// <summary>The names of the BLAS and similar libraries that this process has loaded.</summary>
    private static string[] LoadedBlas()
    {
        const string Maps = "/proc/self/maps";
        string[] marks = ["blas", "mkl", "dnnl"];
        return File.Exists(Maps)
            ?
            [
                .. File.ReadLines(Maps).Where(line => line.Contains('/')).Select(line => Path.GetFileName(line))
                    .Where(file => marks.Any(file.Contains)).Distinct().Order(StringComparer.Ordinal),
            ]
            : [];
    }
}
