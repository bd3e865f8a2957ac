using System.Diagnostics;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>The system's Python with PyTorch; without one, the tests that compare with it are skipped.</summary>
internal static class Python
{
    private const string Path = "/usr/bin/python3";

    private static readonly Lazy<bool> s_hasTorch = new(() => File.Exists(Path) && Run(["-c", "import torch"], "").ExitCode == 0);

    /// <summary>What a script writes to standard output.</summary>
    /// <param name="script">Its path.</param>
    /// <param name="input">What it finds on standard input.</param>
    public static string Output(string script, string input)
    {
        if (!s_hasTorch.Value)
        {
            Assert.Inconclusive($"There is no {Path} with PyTorch to compare with: install python3-torch.");
        }

        (int exitCode, string output, string error) = Run([script], input);
        Assert.AreEqual(0, exitCode, error);
        return output;
    }

    private static (int ExitCode, string Output, string Error) Run(string[] arguments, string input)
    {
        using Process process = Process.Start(new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }
}
