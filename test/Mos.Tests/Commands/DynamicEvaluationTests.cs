using System.Text.Json;
using Mos.Tests.Support;

namespace Mos.Tests.Commands;

[TestClass]
public sealed class DynamicEvaluationTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestInitialize]
    public void TrainModel() => _files.Train("m.zip").Succeeded();

    [TestMethod]
    public void A_repetitive_text_is_less_surprising_to_a_model_that_adapts_and_the_model_file_stays()
    {
        string data = _files.Write("data.txt", [.. Enumerable.Repeat("dog one saw and mat a on sat", 40)]);
        byte[] model = File.ReadAllBytes(_files["m.zip"]);
        string[] dynamic = ["--dynamic", "--statistics", _files["train.txt"]];
        double fixedPerplexity = Perplexity(data);
        Assert.IsLessThan(0.8 * fixedPerplexity, Perplexity(data, [.. dynamic, "--rate", "0.01"]));
        Assert.AreEqual(fixedPerplexity, Perplexity(data, [.. dynamic, "--rate", "0"]), 1e-4 * fixedPerplexity);
        CollectionAssert.AreEqual(model, File.ReadAllBytes(_files["m.zip"]));
    }

    [TestMethod]
    public void What_belongs_together_must_be_given_together()
    {
        string[] command = ["evaluate", "--model", "absent.zip", "--data", "absent.txt"];
        CommandRun.Of([.. command, "--dynamic"]).FailedWith(2, "--dynamic", "--statistics");
        CommandRun.Of([.. command, "--lambda", "0.1"]).FailedWith(2, "--decay-rate", "--dynamic");
        CommandRun.Of([.. command, "--statistics", "train.txt"]).FailedWith(2, "--statistics", "--dynamic");
        CommandRun.Of([.. command, "--dynamic", "--statistics", "train.txt", "--context", "row"])
            .FailedWith(2, "--context", "row");
    }

    [TestMethod]
    public void A_wrong_value_is_wrong_usage_and_named()
    {
        CommandRun run = CommandRun.Of(
            "evaluate", "--model", _files["m.zip"], "--data", _files["valid.txt"],
            "--dynamic", "--statistics", _files["train.txt"], "--epsilon", "0");
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, "--epsilon: Epsilon is 0");
    }

    public void Dispose() => _files.Dispose();

    private double Perplexity(string data, params string[] options)
    {
        string[] command = ["evaluate", "--model", _files["m.zip"], "--data", data, "--json"];
        JsonElement json = CommandRun.Of([.. command, .. options]).Succeeded().Json;
        return json.GetProperty("perplexity").GetDouble();
    }
}
