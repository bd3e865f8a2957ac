using System.Diagnostics;

namespace Mos.Tests.Support;

/// <summary>The command line in a process of its own, started as a shell does.</summary>
internal static class MosProcess
{
    /// <summary>The command by which a shell runs it; arguments follow.</summary>
    public static string Command { get; } =
        $"'{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}' '{Path.Combine(AppContext.BaseDirectory, "mos.dll")}'";

    public static Process Start(params string[] args) => StartIn(Path.GetTempPath(), args);

    /// <param name="temporary">Its folder for temporary files.</param>
    /// <param name="args">The command and its options.</param>
    public static Process StartIn(string temporary, params string[] args)
    {
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "mos.dll"), .. args]);
        start.Environment["TMPDIR"] = temporary;
        return Start(start);
    }

    /// <summary>Runs a line of bash in which <c>mos</c> is the command.</summary>
    public static async Task<CommandRun> ShellAsync(string line, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"mos() {{ {Command} \"$@\"; }}\nset -o pipefail\n{line}"]);
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Start(start);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, output, await error);
    }

    private static Process Start(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.StandardOutputEncoding = System.Text.Encoding.UTF8;
        start.StandardErrorEncoding = System.Text.Encoding.UTF8;

        // Else a process that is killed leaves the sockets of its diagnostics among the temporary files.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return Process.Start(start)!;
    }
}
