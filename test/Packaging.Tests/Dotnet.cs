using System.Diagnostics;

namespace Packaging.Tests;

/// <summary>Other programs, the SDK's first of all, run to their end.</summary>
internal static class Dotnet
{
    private static readonly string s_host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs <c>dotnet</c>; anything but success fails the test with all that it said.</summary>
    /// <returns>The lines of standard output.</returns>
    public static string[] Run(string folder, params string[] arguments) => Start(s_host, folder, arguments);

    /// <summary>The same of a program of its own.</summary>
    public static string[] Start(string program, string folder, params string[] arguments)
    {
        (int exitCode, string output, string error) = Try(program, folder, arguments);
        Assert.AreEqual(0, exitCode, $"{program} {string.Join(' ', arguments)}\n{output}{error}\n");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Runs <c>dotnet</c>, which must fail.</summary>
    /// <returns>What it said.</returns>
    public static string Fail(string folder, params string[] arguments)
    {
        (int exitCode, string output, string error) = Try(s_host, folder, arguments);
        Assert.AreNotEqual(0, exitCode, output);
        return output + error;
    }

    private static (int ExitCode, string Output, string Error) Try(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What "dotnet test" set for its own build must not reach this one, and no node may outlive it with our pipes in hand.
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(IsOfMSBuild))
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = Path.Combine(Packages.Folder, "extracted");

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private static bool IsOfMSBuild(string name) => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase);
}
