using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Checkpoints;

/// <summary>A training process that is killed in the middle of epochs, and of writing, ends with the weights of the one left alone.</summary>
[TestClass]
public sealed class KilledProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _train;
    private readonly string _valid;
    private readonly string _checkpoints;

    public KilledProcessTests()
    {
        // What is learned of the one text makes the other worse, so averaging begins.
        _train = Write("train.txt", "a b c d e f g h", 120);
        _valid = Write("valid.txt", "h g f e d c b a", 10);
        _checkpoints = _folder.PathOf("checkpoints");
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void With_averaging_and_fine_tuning() => AssertResumes(
        ["--averaging-window", "1", "--finetune-epochs", "3", "--learning-rate", "20", "--clip-norm", "0.5", "--learning-rate-schedule", "constant"],
        state => !Has(state, "averagedSteps"),
        state => Has(state, "averagedSteps"),
        state => state.GetProperty("isFinetuning").GetBoolean());

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void With_Adam() => AssertResumes(
        ["--optimizer", "adam", "--learning-rate", "0.01", "--warmup-steps", "100", "--learning-rate-schedule", "cosine"],
        state => state.GetProperty("epoch").GetInt32() == 1, state => state.GetProperty("epoch").GetInt32() > 2);

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void A_disk_that_is_full_is_a_clear_error_and_the_checkpoint_before_is_whole()
    {
        MosProcess.Start(Arguments("a.zip", ["--max-tokens", "1000"], "00:10:00")).Ended(0);
        string newest = new CheckpointFolder(_checkpoints).Newest()!;
        Assert.IsGreaterThan(4096, new FileInfo(Path.Combine(newest, "weights.safetensors")).Length);
        Dictionary<string, byte[]> before = Directory.GetFiles(newest).ToDictionary(file => file, File.ReadAllBytes);
        string error = MosProcess.StartOnFullDisk(2, Arguments("b.zip", ["--max-tokens", "5000"], "00:00:00.01")).Ended(1);
        Assert.Contains($"The checkpoint '{_checkpoints}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal, "a line, no stack trace");
        Assert.AreEqual(newest, new CheckpointFolder(_checkpoints).Newest());
        foreach ((string file, byte[] bytes) in before)
        {
            Assert.AreSequenceEqual(bytes, File.ReadAllBytes(file));
        }

        MosProcess.Start(Arguments("b.zip", ["--max-tokens", "1100"], "00:10:00")).Ended(0);
    }

    /// <summary>Kills the run in the middle of an epoch at a checkpoint of each kind, while another is being written.</summary>
    private void AssertResumes(string[] options, params Func<JsonElement, bool>[] kinds)
    {
        using (MosProcess alone = MosProcess.Start(["train", .. Common("alone.zip"), .. options]))
        {
            foreach (Func<JsonElement, bool> kind in kinds)
            {
                using MosProcess killed = MosProcess.Start(Arguments("killed.zip", options, "00:00:00.01"));
                killed.KillWhen(() => IsAt(state => state.GetProperty("window").GetInt32() > 0 && kind(state)) && IsWriting());
                Assert.IsFalse(File.Exists(_folder.PathOf("killed.zip")));
                Assert.IsTrue(IsAt(kind), "the checkpoint is whole");
            }

            string log = MosProcess.Start(Arguments("killed.zip", options, "00:10:00")).Ended(0);
            Assert.DoesNotContain("epoch 1/6 step 1/", log, StringComparison.Ordinal, "it does not start anew");
            alone.Ended(0);
        }

        Assert.AreEqual(
            ShortRun.HashOfWeights(File.ReadAllBytes(_folder.PathOf("alone.zip"))),
            ShortRun.HashOfWeights(File.ReadAllBytes(_folder.PathOf("killed.zip"))));
    }

    private string[] Arguments(string model, string[] options, string interval) =>
        ["train", .. Common(model), .. options, "--checkpoints", _checkpoints, "--checkpoint-interval", interval, "--resume"];

    private string[] Common(string model) =>
    [
        "--train", _train, "--valid", _valid, "--model", _folder.PathOf(model), "--epochs", "6",
        "--embedding-size", "8", "--hidden-size", "12", "--layer-count", "2", "--experts", "2",
        "--batch-size", "4", "--pass-batch-size", "3",
        "--sequence-length", "8", "--sequence-length-deviation", "1", "--partial-shuffle", "--weight-dropout", "0.3",
    ];

    private bool IsAt(Func<JsonElement, bool> condition)
    {
        try
        {
            return new CheckpointFolder(_checkpoints).Newest() is string newest
                && condition(JsonDocument.Parse(File.ReadAllText(Path.Combine(newest, "state.json"))).RootElement.GetProperty("state"));
        }
        catch (IOException)
        {
            return false; // another one has taken its place
        }
    }

    private bool IsWriting() => Directory.GetDirectories(_checkpoints, "*.unfinished").Length > 0;

    private static bool Has(JsonElement state, string name) =>
        state.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    private string Write(string name, string line, int count)
    {
        File.WriteAllLines(_folder.PathOf(name), Enumerable.Repeat(line, count));
        return _folder.PathOf(name);
    }
}
