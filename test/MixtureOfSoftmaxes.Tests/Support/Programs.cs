using System.Diagnostics;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Small programs of the system, run to their end.</summary>
internal static class Programs
{
    /// <summary>The id of a process that lives as long as the tests do.</summary>
    public static int IdOfAnotherProcess =>
        OperatingSystem.IsWindows() ? Process.GetProcesses().First(other => other.Id > 4 && other.Id != Environment.ProcessId).Id : 1;

    /// <summary>The id of a process that there was.</summary>
    public static int IdOfAnEndedProcess { get; } = IdOfEnded("dotnet", "--version");

    /// <summary>Makes a named pipe, and returns its path.</summary>
    public static string Pipe(string path)
    {
        Output("mkfifo", path);
        return path;
    }

    /// <summary>What the program writes to standard output, without the last line end.</summary>
    public static string Output(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, program);
        return output.TrimEnd('\n');
    }

    private static int IdOfEnded(string program, string argument)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.Id;
    }
}
