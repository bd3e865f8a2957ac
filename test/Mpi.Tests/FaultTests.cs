using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using Mos.Tests.Support;
using Mpi.Tests.Support;

namespace Mpi.Tests;

/// <summary>What ends one rank ends all, in time, with a message that says what it was; the last checkpoint is whole.</summary>
[TestClass]
public sealed class FaultTests : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(3);

    private readonly Workspace _files = new();

    public void Dispose() => _files.Dispose();

    [TestMethod]
    [DataRow("KILL", DisplayName = "One is killed")]
    [DataRow("STOP", DisplayName = "One hangs")]
    public void A_rank_that_is_no_more_there(string signal)
    {
        string[] train = [.. Arguments(options: [.. Checkpoints, "--resume"]), "--max-tokens"];
        using (Mpirun run = Mpirun.Mos(2, [.. train, "100000000"]))
        {
            run.Signal(signal, rank: 1, () => Newest() is not null);
            var clock = Stopwatch.StartNew();
            CommandRun ended = run.Ended();
            Assert.IsLessThan(s_timeout + TimeSpan.FromSeconds(20), clock.Elapsed);
            Assert.AreNotEqual(0, ended.ExitCode);
            Assert.Contains(
                signal == "KILL" ? "rank 1" : "mos: Rank 0 of 2 has waited 3 s for another one, which hangs",
                ended.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal, "no stack trace");
        }

        Assert.IsFalse(File.Exists(_files["m.zip"]));
        CommandRun resumed = Mpirun.Mos(2, [.. train, "1"]).Ended().Succeeded();
        Assert.Contains($"Going on from '{_files["checkpoints"]}", resumed.Error, StringComparison.Ordinal);
    }

    [TestMethod]
    public void A_rank_with_other_options() => AssertRefused(
        "mos: Rank 1 of 2 has another run than rank 0: LearningRate is '6', on rank 0 '20'.",
        Arguments(), Arguments(options: ["--learning-rate", "6"]));

    [TestMethod]
    public void A_rank_with_other_data() => AssertRefused(
        "mos: Rank 1 of 2 has another run than rank 0: TrainingData is '",
        Arguments(), Arguments(train: _files.Write("other.txt", [.. Text, "the cat"])));

    [TestMethod]
    public void A_rank_without_the_data() => AssertRefused(
        "mos: rank 1: There is no file 'nowhere.txt'.", Arguments(), Arguments(train: "nowhere.txt"));

    [TestMethod]
    public void A_rank_that_does_not_understand() => AssertRefused(
        "mos: Unrecognized command or argument '--nonsense'.", Arguments(), Arguments(options: ["--nonsense"]));

    [TestMethod]
    public void All_ranks_that_fail_alike_say_it_once()
    {
        CommandRun run = Mpirun.Mos(2, Arguments(options: ["--valid", "nowhere.txt"])).Ended();
        Assert.AreNotEqual(0, run.ExitCode);
        Assert.HasCount(1, run.ErrorLines.Where(line => line.Contains("There is no file 'nowhere.txt'")).ToArray());
    }

    [TestMethod]
    public void A_signal_to_one_rank_ends_all_with_a_model()
    {
        using Mpirun run = Mpirun.Mos(2, Arguments(options: Checkpoints));
        run.Signal("TERM", rank: 1, () => Newest() is not null);
        CommandRun ended = run.Ended();
        Assert.AreEqual(130, ended.ExitCode, ended.Error);
        Assert.Contains($"mos: cancelled; the best model so far is in '{_files["m.zip"]}'.", ended.Error, StringComparison.Ordinal);
        CommandRun.Of("evaluate", "--model", _files["m.zip"], "--data", _files["train.txt"]).Succeeded();
    }

    [TestMethod]
    public void A_command_that_works_in_one_process_says_so()
    {
        CommandRun run = Mpirun.Mos(2, "generate", "--model", "m.zip").Ended();
        Assert.AreEqual(2, run.ExitCode);
        Assert.AreEqual("mos: mos generate works in one process: start it without mpirun or srun.", run.ErrorLines[0]);
    }

    private static string[] Text => Workspace.Sentences(100, seed: 1);

    private static void AssertRefused(string message, string[] first, string[] second)
    {
        var clock = Stopwatch.StartNew();
        CommandRun run = Mpirun.MosOfEach(first, second).Ended();
        Assert.AreNotEqual(0, run.ExitCode);
        Assert.IsLessThan(TimeSpan.FromSeconds(60), clock.Elapsed);
        Assert.HasCount(1, run.ErrorLines.Where(line => line.StartsWith("mos: ")).ToArray(), run.Error);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private string[] Checkpoints => ["--epochs", "100000", "--checkpoints", _files["checkpoints"], "--checkpoint-interval", "00:00:00.2"];

    private string[] Arguments(string? train = null, params string[] options) =>
    [
        "train", "--train", train ?? _files.Write("train.txt", Text), "--model", _files["m.zip"],
        .. Workspace.Tiny(["--distributed-timeout", $"{s_timeout}", .. options]),
    ];

    private string? Newest() => new CheckpointFolder(_files["checkpoints"]).Newest();
}
