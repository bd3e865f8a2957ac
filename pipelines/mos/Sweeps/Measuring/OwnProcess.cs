using System.Diagnostics;

namespace Mos.Sweeps.Measuring;

/// <summary>Runs a command of this program in a new process, whose memory holds nothing of what was done before.</summary>
internal static class OwnProcess
{
    /// <returns>What it wrote to standard output; null where it failed.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the process has ended.</exception>
    public static string? Output(CancellationToken cancellation, params string[] arguments)
    {
        (string file, string[] before) = Command();
        var start = new ProcessStartInfo(file, [.. before, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration registration = cancellation.Register(process.Kill);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string output = process.StandardOutput.ReadToEnd();
        error.Wait(CancellationToken.None);
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode == ExitCode.Done ? output : null;
    }

    // The program itself, where it has a file of its own, or the one that runs its assembly.
    private static (string File, string[] Arguments) Command()
    {
        string name = typeof(OwnProcess).Assembly.GetName().Name!, self = Environment.ProcessPath!;
        string file = Path.GetFileNameWithoutExtension(self);
        return file == name
            ? (self, [])
            : (file == "dotnet" ? self : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
                [Path.Combine(AppContext.BaseDirectory, $"{name}.dll")]);
    }
}
