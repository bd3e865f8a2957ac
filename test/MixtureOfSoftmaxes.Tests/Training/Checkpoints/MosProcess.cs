using System.Diagnostics;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Checkpoints;

/// <summary>Training by the command line, in a process that can be killed.</summary>
internal sealed class MosProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    /// <param name="limitKilobytes">The longest file that the process can write; 0 for any.</param>
    /// <param name="temporary">Its folder for temporary files; null for the system's.</param>
    /// <param name="args">The command and its options.</param>
    private MosProcess(int limitKilobytes, string? temporary, string[] args)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] command = [host, Path.Combine(AppContext.BaseDirectory, "mos.dll"), .. args];
        if (limitKilobytes > 0)
        {
            // A write past the limit fails as one to a full disk does.
            command = ["bash", "-c", $"trap '' XFSZ; ulimit -f {limitKilobytes}; exec \"$0\" \"$@\"", .. command];
        }

        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";

        // Else the runtime itself needs a file of gigabytes, in memory.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";

        // Else a process that is killed leaves the sockets of its diagnostics among the temporary files.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        if (temporary is not null)
        {
            start.Environment["TMPDIR"] = temporary;
        }

        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    public static MosProcess Start(string[] args, string? temporary = null) => new(0, temporary, args);

    public static MosProcess StartOnFullDisk(int limitKilobytes, string[] args) => new(limitKilobytes, null, args);

    /// <summary>Kills it, with no chance to tidy up, at that time of its life; false if it had ended by then.</summary>
    public bool KillAfter(TimeSpan time)
    {
        if (_process.WaitForExit(time))
        {
            return false;
        }

        _process.Kill();
        _process.WaitForExit();
        return _process.ExitCode == 137; // else it had just ended
    }

    /// <summary>Kills it, with no chance to tidy up, as soon as the condition holds.</summary>
    public void KillWhen(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.IsFalse(_process.HasExited, "It ended before it could be killed.");
            Assert.IsLessThan(TimeSpan.FromMinutes(2), clock.Elapsed);
            Thread.Sleep(1);
        }

        _process.Kill();
        _process.WaitForExit();
        Assert.AreNotEqual(0, _process.ExitCode, "It ended before it was killed.");
    }

    /// <summary>What it wrote to standard error, when it has ended with this code.</summary>
    public string Ended(int exitCode)
    {
        _process.WaitForExit();
        Assert.AreEqual(exitCode, _process.ExitCode, _errors.Result);
        return _errors.Result;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
