using System.Diagnostics;
using Mos.Tests.Support;
using Mpi.Tests.Support;

namespace Mpi.Tests;

/// <summary>A program of a user's own, under the mpirun of each MPI, and under none.</summary>
[TestClass]
public sealed class ProgramTests
{
    [TestMethod]
    [DataRow("mpirun", 2)]
    [DataRow("mpirun", 3)]
    [DataRow("mpiexec.mpich", 3)]
    public void Ranks_sum_send_and_fail_together(string mpirun, int ranks)
    {
        CommandRun run = Mpirun.Program(ranks, "sum", mpirun).Ended().Succeeded();
        Assert.AreSequenceEqual(
            Enumerable.Range(0, ranks).Select(rank => $"rank {rank} of {ranks}"), run.OutputLines.Select(line => line.Split(':')[0]).Order());
    }

    [TestMethod]
    [DataRow("mpirun")]
    [DataRow("mpiexec.mpich")]
    public void Each_rank_gets_the_model_and_the_first_one_the_progress(string mpirun)
    {
        string alone = Alone();
        string[] ranks = [.. Mpirun.Program(2, "train", mpirun).Ended().Succeeded().OutputLines.OrderBy(line => line.Length)];
        Assert.HasCount(2, ranks);
        Assert.AreEqual($"{ranks[0]} reported", ranks[1]);
        double[] expected = Numbers(alone), numbers = Numbers(ranks[1]);
        Assert.HasCount(expected.Length, numbers);
        foreach ((double a, double b) in expected.Zip(numbers))
        {
            Assert.AreEqual(a, b, 1e-4 * Math.Max(1, Math.Abs(a)));
        }
    }

    [TestMethod]
    public void One_rank_reads_the_text_into_the_folder_of_tokens_and_the_others_wait()
    {
        string folder = Directory.CreateTempSubdirectory("mos-cache-").FullName;
        try
        {
            string[] first = Mpirun.Program(3, "cache", more: folder).Ended().Succeeded().OutputLines;
            Assert.HasCount(3, first);
            Assert.IsTrue(first.All(line => line.StartsWith("1 of ", StringComparison.Ordinal)), string.Join('\n', first));
            string[] second = Mpirun.Program(2, "cache", more: folder).Ended().Succeeded().OutputLines;
            Assert.IsTrue(second.All(line => line.StartsWith("0 of ", StringComparison.Ordinal)), string.Join('\n', second));
            Assert.HasCount(1, Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void The_command_line_with_a_folder_of_tokens_trains_what_one_process_does()
    {
        using var files = new Workspace();
        string[] train =
        [
            "train", "--train", files.Write("train.txt", Workspace.Sentences(100, seed: 1)), "--cache", files["cache"],
            .. Workspace.Tiny("--max-tokens", "400", "--pass-batch-size", "2", "--learning-rate", "5"), "--model",
        ];
        CommandRun.Of([.. train, files["one.zip"]]).Succeeded();
        Directory.Delete(files["cache"], recursive: true);
        Mpirun.Mos(2, [.. train, files["two.zip"]]).Ended().Succeeded();
        Assert.IsLessThan(1e-6, Models.Difference(files["one.zip"], files["two.zip"]));
        Assert.HasCount(2, Directory.GetFiles(files["cache"]));
    }

    private static double[] Numbers(string line) => [.. line.Replace(" reported", "").Split(' ').Select(double.Parse)];

    private static string Alone()
    {
        using Process process = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "RankProgram.dll"), "train"])
        {
            RedirectStandardOutput = true,
        })!;
        return process.StandardOutput.ReadToEnd().TrimEnd();
    }
}
