using System.Diagnostics;
using System.Text.Json;

namespace Build.Tests;

/// <summary>The script that tries a GPU, with programs that stand in for those that it runs.</summary>
[TestClass]
public sealed class GpuScriptTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("test-gpu-");

    [TestInitialize]
    public void Copy()
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!OperatingSystem.IsLinux() || !path.Any(folder => File.Exists(Path.Combine(folder, "python3"))))
        {
            Assert.Inconclusive("The script is one for Linux, and needs python3.");
        }

        foreach (string file in (string[])["test-gpu.sh", "choose-precision.py"])
        {
            File.Copy(Path.Combine(Files.Root, "build", file), Path.Combine(_folder.FullName, file));
        }

        Directory.CreateDirectory(Path.Combine(_folder.FullName, "ptb"));
        Write("MixtureOfSoftmaxes.Tests", "echo '  succeeded: 12'");
        Write("DependencyInjection.Tests", "echo boom; exit 3");
        Write("Benchmarks", """echo '{"part":"head","seconds":0.001}' >&2; sleep 60""");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public void What_hangs_or_fails_is_ended_and_named_and_its_figures_and_the_rest_are_kept()
    {
        (int exitCode, string output) = Run(seconds: 8, "tests", "benchmark", "peer");
        Assert.AreEqual(1, exitCode, output);
        JsonElement[] figures = Figures();
        Assert.AreEqual(0, Of("tests").GetProperty("exitCode").GetInt32());
        Assert.AreEqual(3, Of("tests-service").GetProperty("exitCode").GetInt32());
        Assert.AreEqual(124, Of("benchmark").GetProperty("exitCode").GetInt32());
        Assert.AreEqual(0.001, figures.First(figure => Name(figure) == "benchmark").GetProperty("seconds").GetDouble());
        foreach (string name in (string[])["failed: tests-service", "failed: benchmark", "failed: peer, for which no time was left"])
        {
            Assert.Contains(name, output);
        }

        JsonElement Of(string name) => figures.Last(figure => Name(figure) == name);
    }

    [TestMethod]
    public void The_default_precision_is_the_fastest_whose_effect_on_perplexity_is_small()
    {
        // At 0.05 % and 0.25 % from that in float32.
        Write("mos", """
            all="$*" which=${all#*--precision } which=${which%% *}
            declare -A seconds=([float32]=30 [tensorfloat32]=18 [bfloat16]=15) perplexity=([float32]=200 [tensorfloat32]=200.1 [bfloat16]=200.5)
            [[ $1 == evaluate ]] && echo "{\"perplexity\": ${perplexity[$which]}}" ||
              echo "{\"validationPerplexity\": ${perplexity[$which]}, \"seconds\": ${seconds[$which]}, \"tokens\": 900000}"
            """);
        (int exitCode, string output) = Run(seconds: 60, "precision");
        Assert.AreEqual(0, exitCode, output);
        JsonElement choice = Figures().First(figure => Name(figure) == "choice");
        Assert.AreEqual("tensorfloat32", choice.GetProperty("default").GetString());
        Assert.AreEqual(60_000, choice.GetProperty("tokensPerSecond").GetProperty("bfloat16").GetInt32());
        Assert.AreEqual(0.0025, choice.GetProperty("effectOnScoring").GetProperty("bfloat16").GetDouble(), 1e-9);
    }

    [TestMethod]
    public void A_plan_runs_nothing_and_an_unknown_part_is_an_error()
    {
        (int exitCode, string plan) = Start(seconds: 840, "plan", "best");
        Assert.AreEqual(0, exitCode, plan);
        Assert.Contains("--maximum-time 600s", plan);
        Assert.IsFalse(Directory.Exists(Path.Combine(_folder.FullName, "results")));
        Assert.AreEqual(2, Run(seconds: 840, "bets").ExitCode);
    }

    private static string? Name(JsonElement figure) => figure.GetProperty("command").GetString();

    private void Write(string program, string script)
    {
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.FullName, program)).FullName, program);
        File.WriteAllText(path, $"#!/usr/bin/env bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, Executable);
        }
    }

    private JsonElement[] Figures() =>
    [
        .. File.ReadAllLines(Path.Combine(_folder.FullName, "results", "figures.jsonl"))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line)),
    ];

    private (int ExitCode, string Output) Run(int seconds, params string[] parts) => Start(seconds, Path.Combine(_folder.FullName, "results"), parts);

    /// <summary>Runs the script with the CPU in the place of a GPU.</summary>
    private (int ExitCode, string Output) Start(int seconds, string first, params string[] parts)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(_folder.FullName, "test-gpu.sh"), first, .. parts])
        {
            RedirectStandardOutput = true,
            Environment = { ["MOS_DEVICE"] = "cpu", ["MOS_SECONDS"] = $"{seconds}" },
        };
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "mos")); // by which it knows that it was packed
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
