using System.Diagnostics;
using Mos.Tests.Support;

namespace Mpi.Tests.Support;

/// <summary>Programs started by mpirun, as many processes of them as asked for; without an MPI on the system the tests are skipped.</summary>
internal sealed class Mpirun : IDisposable
{
    private static readonly string[] s_folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private Mpirun(string mpirun, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(mpirun, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in Settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>More processes than cores, as root too, which need no rights to read each other's memory, and no terminal prepared.</summary>
    private static (string Name, string Value)[] Settings =>
    [
        ("OMP_NUM_THREADS", "1"), ("DOTNET_EnableDiagnostics", "0"),
        ("OMPI_ALLOW_RUN_AS_ROOT", "1"), ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"),
        ("OMPI_MCA_rmaps_base_oversubscribe", "1"), ("OMPI_MCA_hwloc_base_binding_policy", "none"),
        ("TERM", "dumb"),
        ("OMPI_MCA_btl_vader_single_copy_mechanism", "none"), ("OMPI_MCA_mpi_yield_when_idle", "0"),
    ];

    /// <summary>Starts as many processes of mos.</summary>
    public static Mpirun Mos(int ranks, params string[] args) => Start("mpirun", ["-n", $"{ranks}", .. Command("mos.dll"), .. args]);

    /// <summary>Starts a process of mos for each line of arguments.</summary>
    public static Mpirun MosOfEach(params string[][] args) =>
        Start("mpirun", args.SelectMany(line => (string[])[":", "-n", "1", .. Command("mos.dll"), .. line]).Skip(1));

    /// <summary>Starts as many processes of the tests' own program.</summary>
    /// <param name="ranks">How many.</param>
    /// <param name="command">What it does.</param>
    /// <param name="mpirun">Which mpirun starts it.</param>
    /// <param name="more">Further arguments.</param>
    public static Mpirun Program(int ranks, string command, string mpirun = "mpirun", params string[] more) =>
        Start(mpirun, ["-n", $"{ranks}", .. Command("RankProgram.dll"), command, .. more]);

    /// <summary>Starts a process of mos on each of two hosts, which are two network namespaces of this machine; only root can make these.</summary>
    public static Mpirun MosOnTwoHosts(params string[] args)
    {
        if (!Environment.IsPrivilegedProcess || !Has("ip") || !Has("unshare"))
        {
            Assert.Inconclusive("Two hosts are made by root, with ip (iproute2) and unshare (util-linux).");
        }

        return Start("mpirun", Path.Combine(AppContext.BaseDirectory, "Support", "two-hosts.sh"), [.. Command("mos.dll"), .. args]);
    }

    /// <summary>Waits for its end.</summary>
    public CommandRun Ended()
    {
        _process.StandardInput.Close();
        Assert.IsTrue(_process.WaitForExit(TimeSpan.FromMinutes(2)), "It does not end.");
        return new(_process.ExitCode, _output.Result, _error.Result);
    }

    /// <summary>Writes to the standard input of the first process, and waits for the end.</summary>
    public CommandRun EndedWith(string input)
    {
        _process.StandardInput.Write(input);
        return Ended();
    }

    /// <summary>Sends a signal to one of the processes, as soon as the condition holds.</summary>
    public void Signal(string signal, int rank, Func<bool> condition)
    {
        while (!condition())
        {
            Assert.IsFalse(_process.HasExited, "It ended too soon.");
            Assert.IsLessThan(TimeSpan.FromMinutes(1), _clock.Elapsed);
            Thread.Sleep(10);
        }

        Process.Start("kill", [$"-{signal}", $"{Find(rank)}"]).WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static Mpirun Start(string mpirun, IEnumerable<string> arguments) => Start(mpirun, mpirun, arguments);

    private static Mpirun Start(string mpirun, string program, IEnumerable<string> arguments)
    {
        if (!Has(mpirun))
        {
            Assert.Inconclusive(
                $"There is no {mpirun} on the PATH to start several processes with: install {(mpirun == "mpirun" ? "Open MPI" : "MPICH")}.");
        }

        return new(program, arguments);
    }

    private static bool Has(string program) => s_folders.Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string[] Command(string program) =>
        [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, program)];

    /// <summary>The process of a rank: the one of mpirun's children that it told so.</summary>
    private int Find(int rank)
    {
        foreach (string folder in Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                string parent = File.ReadAllLines(Path.Combine(folder, "status")).Single(line => line.StartsWith("PPid:"))[5..].Trim();
                if (parent == $"{_process.Id}"
                    && File.ReadAllText(Path.Combine(folder, "environ")).Split('\0').Contains($"OMPI_COMM_WORLD_RANK={rank}"))
                {
                    return int.Parse(Path.GetFileName(folder));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended, or is another user's.
            }
        }

        Assert.Fail($"There is no rank {rank}.");
        return 0;
    }
}
