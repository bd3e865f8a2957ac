using System.Diagnostics;
using System.Text.Json;
using Mos.Tests.Support;

namespace Mos.Tests;

/// <summary>The program as its users start it.</summary>
[TestClass]
public sealed class ProcessTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    public async Task A_fresh_process_evaluates_a_model_to_the_same_bits()
    {
        _files.Train("m.zip").Succeeded();
        string[] command = ["evaluate", "--model", _files["m.zip"], "--data", _files["valid.txt"], "--json"];
        using Process process = MosProcess.Start(command);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.AreEqual(0, process.ExitCode);
        Assert.AreEqual(CommandRun.Of(command).Succeeded().Output, output);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [DataRow("INT")]
    [DataRow("TERM")]
    [DataRow("HUP")]
    [DataRow("QUIT")]
    public async Task Ctrl_C_and_its_like_save_the_model_and_exit_with_130(string signal)
    {
        string text = _files.Write("train.txt", Workspace.Sentences(100, seed: 1));
        using Process process = MosProcess.Start(
            ["train", "--train", text, "--valid", text, "--model", _files["m.zip"], .. Workspace.Tiny("--epochs", "100000")]);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        // If the parent process made it ignore the signal, it would never end.
        limit.Token.Register(() => process.Kill(entireProcessTree: true));
        while (await process.StandardError.ReadLineAsync() is string line && !line.Contains("validation"))
        {
        }

        using (Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        string rest = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.AreEqual(130, process.ExitCode, rest);
        CommandRun.Of("evaluate", "--model", _files["m.zip"], "--data", text).Succeeded();
    }

    [TestMethod]
    public async Task A_gzip_file_cut_short_is_an_error_and_no_shorter_text()
    {
        string zipped = _files.Compress(_files.Write("train.txt", Workspace.Sentences(500, seed: 1)));
        File.WriteAllBytes(zipped, File.ReadAllBytes(zipped)[..1000]);
        using Process process = MosProcess.Start(["train", "--train", zipped, "--model", _files["m.zip"]]);
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.AreEqual(1, process.ExitCode, errors);
        Assert.Contains("train.txt.gz", errors);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task A_comparison_charges_no_model_for_the_start_of_the_program()
    {
        _files.Train("a.zip").Succeeded();
        string[] models = [.. "abc".Select(letter => _files[$"{letter}.zip"])];
        Array.ForEach(models[1..], model => File.Copy(models[0], model));
        string data = _files.Write("few.txt", Workspace.Sentences(10, seed: 3));

        // One thread: several wait for each other where the machine has other work, and then measure that.
        CommandRun run = await MosProcess.ShellAsync(
            $"mos compare --model {string.Join(' ', models)} --data {data} --contexts 4 --json", ("OMP_NUM_THREADS", "1"));
        double[] times = [.. JsonDocument.Parse(run.Succeeded().Output).RootElement.GetProperty("models").EnumerateArray()
            .Select(model => model.GetProperty("secondsPerToken").GetDouble())];
        Assert.IsLessThan(2, times.Max() / times.Min(), string.Join(", ", times));
    }

    [TestMethod]
    public async Task Wrong_usage_exits_with_2()
    {
        using Process process = MosProcess.Start(["train"]);
        await process.WaitForExitAsync();
        Assert.AreEqual(2, process.ExitCode);
    }

    public void Dispose() => _files.Dispose();
}
