using Mos.Tests.Support;
using Mpi.Tests.Support;

namespace Mpi.Tests;

/// <summary>
/// Several ranks train what one process does in as many passes, dropout of every kind on, within the roundings of another order of sums.
/// </summary>
[TestClass]
public sealed class TrainingTests : IDisposable
{
    private const double Tolerance = 1e-6;

    private readonly Workspace _files = new();

    public void Dispose() => _files.Dispose();

    [TestMethod]
    [DataRow(2, DisplayName = "2 ranks")]
    [DataRow(3, DisplayName = "3 ranks")]
    public void Ranks_end_with_the_weights_of_one_process(int ranks) => AssertSame(
        ranks, 60, "--batch-size", "12", "--epochs", "2", "--learning-rate", "5", "--activation-regularization", "2",
        "--temporal-activation-regularization", "1", "--sequence-length-deviation", "2", "--partial-shuffle");

    [TestMethod]
    public void With_averaging_fine_tuning_and_early_stopping() => AssertSame(
        2, 60,
        "--batch-size", "12", "--epochs", "4", "--averaging-window", "1", "--finetune-epochs", "2", "--learning-rate", "3",
        "--learning-rate-schedule", "constant", "--early-stopping-epochs", "3");

    [TestMethod]
    public void With_Adam_on_a_cosine() => AssertSame(
        2, 60, "--batch-size", "12", "--epochs", "2", "--optimizer", "adam", "--learning-rate", "0.01",
        "--warmup-steps", "10", "--learning-rate-schedule", "cosine");

    [TestMethod]
    public void With_experts_of_two_layers_whose_priors_are_kept_even() => AssertSame(
        2, 60, "--batch-size", "12", "--epochs", "2", "--learning-rate", "5", "--head", "doc", "--prior-regularization", "0.5");

    // Below the rate at which a run of this size is chaotic, so that roundings stay roundings.
    [TestMethod]
    public void A_run_goes_on_with_other_numbers_of_ranks()
    {
        Train(0, "one.zip", "--batch-size", "12", "--learning-rate", "5", "--max-tokens", "2400");
        string[] checkpoints = ["--batch-size", "12", "--learning-rate", "5", "--checkpoints", _files["checkpoints"], "--resume"];
        Train(2, "two.zip", ["--max-tokens", "800", .. checkpoints]);
        CommandRun second = Train(3, "three.zip", ["--max-tokens", "1600", .. checkpoints]);
        Assert.HasCount(1, second.ErrorLines.Where(line => line.Contains("Going on from")).ToArray(), "the first rank alone says so");
        Train(0, "last.zip", ["--max-tokens", "2400", .. checkpoints]);
        Assert.IsLessThan(Tolerance, Models.Difference(_files["one.zip"], _files["last.zip"]));
    }

    [TestMethod]
    public void Ranks_on_two_hosts_which_meet_by_a_network()
    {
        string[] options = ["--batch-size", "12", "--learning-rate", "5", "--max-tokens", "600"];
        Train(0, "one.zip", options);
        using Mpirun run = Mpirun.MosOnTwoHosts([.. Arguments("two.zip"), .. options]);
        run.Ended().Succeeded();
        Assert.IsLessThan(Tolerance, Models.Difference(_files["one.zip"], _files["two.zip"]));
    }

    [TestMethod]
    public void The_first_rank_alone_writes_and_speaks()
    {
        CommandRun run = Train(2, "two.zip", "--epochs", "1", "--log-file", _files["log.jsonl"], "--json");
        Assert.HasCount(1, run.OutputLines);
        Assert.AreEqual(1, run.Json.GetProperty("epochs").GetInt32());
        Assert.HasCount(1, run.ErrorLines.Where(line => line.Contains("step 1/")).ToArray());
        Assert.HasCount(1, File.ReadAllLines(_files["log.jsonl"]).Where(line => line.Contains("\"step\":1,")).ToArray());
    }

    [TestMethod]
    public void More_ranks_than_columns_is_an_error() => Assert.Contains(
        "There are 3 ranks for 2 columns of text",
        Mpirun.Mos(3, [.. Arguments("m.zip"), "--batch-size", "2"]).Ended().Error, StringComparison.Ordinal);

    private void AssertSame(int ranks, int atLeastSteps, params string[] options)
    {
        CommandRun one = Train(0, "one.zip", [.. options, "--json", "--log-file", _files["one.jsonl"]]);
        CommandRun many = Train(ranks, "many.zip", [.. options, "--json"]);
        Assert.IsGreaterThanOrEqualTo(atLeastSteps, int.Parse(File.ReadAllLines(_files["one.jsonl"])[^1].Split("\"steps\":")[1].Split(',')[0]));
        Assert.IsLessThan(Tolerance, Models.Difference(_files["one.zip"], _files["many.zip"]));
        foreach (string figure in new[] { "epochs", "tokens", "end" })
        {
            Assert.AreEqual(one.Json.GetProperty(figure).ToString(), many.Json.GetProperty(figure).ToString());
        }

        Assert.AreEqual(
            one.Json.GetProperty("validationPerplexity").GetDouble(), many.Json.GetProperty("validationPerplexity").GetDouble(), 1e-4);
    }

    /// <param name="ranks">0 for a process by itself.</param>
    /// <param name="model">The name of the model.</param>
    /// <param name="options">Further options.</param>
    private CommandRun Train(int ranks, string model, params string[] options)
    {
        string[] args = [.. Arguments(model), .. options];
        return (ranks == 0 ? CommandRun.Of(args) : Mpirun.Mos(ranks, args).Ended()).Succeeded();
    }

    // Passes of two columns are the same ones for 1, 2 and 3 ranks of twelve.
    private string[] Arguments(string model) =>
    [
        "train", "--train", _files.Write("train.txt", Workspace.Sentences(400, seed: 1)),
        "--valid", _files.Write("valid.txt", Workspace.Sentences(30, seed: 2)), "--model", _files[model],
        "--embedding-size", "8", "--hidden-size", "12", "--layer-count", "2", "--experts", "2", "--weight-dropout", "0.3",
        "--pass-batch-size", "2", "--sequence-length", "5", "--distributed-timeout", "00:01:00",
    ];
}
