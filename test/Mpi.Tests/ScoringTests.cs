using Mos.Tests.Support;
using Mpi.Tests.Support;

namespace Mpi.Tests;

/// <summary>What several ranks write is what one process writes, byte for byte.</summary>
[TestClass]
public sealed class ScoringTests : IDisposable
{
    // More than two batches for each of three ranks, and a last one that is not full.
    private const int Rows = 6500;

    private readonly Workspace _files = new();

    public ScoringTests()
    {
        _files.Train("m.zip", "--vocabulary-size", "9").Succeeded();
        _files.Write("rows.txt", Workspace.Sentences(Rows, seed: 3));
    }

    public void Dispose() => _files.Dispose();

    [TestMethod]
    public void Scores_in_a_file()
    {
        string[] score = ["score", "--model", _files["m.zip"], "--input", _files["rows.txt"], "--per-token", "--top", "2", "--output"];
        CommandRun.Of([.. score, _files["one.parquet"]]).Succeeded();
        Mpirun.Mos(3, [.. score, _files["many.parquet"]]).Ended().Succeeded();
        Assert.AreSequenceEqual(File.ReadAllBytes(_files["one.parquet"]), File.ReadAllBytes(_files["many.parquet"]));
    }

    [TestMethod]
    public void Scores_of_continuations_from_standard_input_to_standard_output()
    {
        string[] score = ["score", "--model", _files["m.zip"], "--given", "the cat", "--input"];
        string expected = CommandRun.Of([.. score, _files["rows.txt"]]).Succeeded().Output;
        using Mpirun run = Mpirun.Mos(2, [.. score, "-"]);
        Assert.AreEqual(expected, run.EndedWith(File.ReadAllText(_files["rows.txt"])).Succeeded().Output);
    }

    [TestMethod]
    public void Metrics_of_rows() => AssertSame("evaluate", "--model", _files["m.zip"], "--data", _files["rows.txt"], "--context", "row", "--json");

    [TestMethod]
    public void Metrics_of_rows_without_experts_of_little_prior()
    {
        CommandRun run = AssertSame(
            "evaluate", "--model", _files["m.zip"], "--data", _files["rows.txt"], "--context", "row", "--skipped-prior", "0.6", "--json");
        Assert.AreEqual(1, run.Json.GetProperty("expertUse").GetProperty("meanExperts").GetDouble(), "the likelier of two");
    }

    [TestMethod]
    public void Metrics_of_a_stream_which_one_process_scores()
    {
        CommandRun run = AssertSame("evaluate", "--model", _files["m.zip"], "--data", _files["valid.txt"], "--json");
        Assert.Contains("mos: each row depends on those before, so one process scores", run.Error, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Ranks_of_the_log_probability_matrix() =>
        AssertSame("rank", "--model", _files["m.zip"], "--data", _files["rows.txt"], "--contexts", "200", "--json");

    [TestMethod]
    public void Another_model_on_one_rank_is_an_error()
    {
        _files.Train("other.zip", "--vocabulary-size", "9", "--learning-rate", "1").Succeeded();
        string[] Score(string model) => ["score", "--model", _files[model], "--input", _files["rows.txt"], "--output", _files["scores.tsv"]];
        CommandRun run = Mpirun.MosOfEach(Score("m.zip"), Score("other.zip")).Ended();
        Assert.AreNotEqual(0, run.ExitCode);
        Assert.Contains("mos: Rank 1 has another model than rank 0: give all ranks the same file.", run.Error, StringComparison.Ordinal);
        Assert.IsFalse(File.Exists(_files["scores.tsv"]));
    }

    private static CommandRun AssertSame(params string[] args)
    {
        string expected = CommandRun.Of(args).Succeeded().Output;
        CommandRun run = Mpirun.Mos(3, args).Ended().Succeeded();
        Assert.AreEqual(expected, run.Output);
        return run;
    }
}
