using System.Diagnostics;
using Mos.Tests.Support;

namespace Mos.Tests;

/// <summary>Temporary files: where they cannot be, and what becomes of those of a run that was killed.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class TemporaryFolderTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestInitialize]
    public void Train() => _files.Train("m.zip").Succeeded();

    [TestMethod]
    public async Task Where_there_is_no_place_for_them_the_folder_and_the_remedy_are_told_before_training()
    {
        (string, string) none = ("TMPDIR", _files["m.zip"] + "/under-a-file");
        (await MosProcess.ShellAsync($"mos evaluate --model '{_files["m.zip"]}' --data '{_files["valid.txt"]}'", none))
            .FailedWith(1, "under-a-file", "cannot be written", "Set TMPDIR");
        (await MosProcess.ShellAsync($"mos train --train '{_files["train.txt"]}' --model '{_files["n.zip"]}'", none))
            .FailedWith(1, "under-a-file", "cannot be written", "Set TMPDIR");
    }

    [TestMethod]
    public async Task Those_of_a_killed_run_go_with_the_next_and_those_of_a_run_that_lives_stay()
    {
        string temporary = Directory.CreateDirectory(_files["temporary"]).FullName;
        (string, string) there = ("TMPDIR", temporary);
        string evaluate = $"mos evaluate --model '{_files["m.zip"]}' --data '{_files["valid.txt"]}'";
        (await MosProcess.ShellAsync(evaluate, there)).Succeeded();
        Assert.IsEmpty(Directory.GetFileSystemEntries(temporary));

        // Each waits for its text, with a folder of its own.
        (await MosProcess.ShellAsync($"mkfifo '{_files["pipe"]}' '{_files["other"]}'")).Succeeded();
        using Process killed = MosProcess.StartIn(temporary, "score", "--model", _files["m.zip"], "--input", _files["pipe"]);
        using Process lives = MosProcess.StartIn(temporary, "score", "--model", _files["m.zip"], "--input", _files["other"]);
        while (Directory.GetFiles(temporary, "lock", SearchOption.AllDirectories).Length < 2)
        {
            Assert.IsFalse(killed.HasExited || lives.HasExited);
            await Task.Delay(50);
        }

        killed.Kill();
        await killed.WaitForExitAsync();
        Assert.HasCount(2, Directory.GetDirectories(temporary));
        (await MosProcess.ShellAsync(evaluate, there)).Succeeded();
        Assert.HasCount(1, Directory.GetDirectories(temporary));

        File.WriteAllText(_files["other"], "the cat\n");
        await lives.WaitForExitAsync();
        Assert.AreEqual(0, lives.ExitCode);
        Assert.IsEmpty(Directory.GetFileSystemEntries(temporary));
    }

    public void Dispose() => _files.Dispose();
}
