using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Checkpoints;

/// <summary>
/// A training process that is killed again and again, at moments drawn from a seed (while it starts, reads, trains, writes a checkpoint,
/// saves the model), ends with the weights of the run left alone, bit by bit, and leaves nothing behind. With the environment variable
/// MOS_LONG_TESTS set to 1 there are many more kills.
/// </summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class KillLoopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _temporary;
    private readonly string _text;

    public KillLoopTests()
    {
        _text = _folder.PathOf("train.txt");
        _temporary = Directory.CreateDirectory(_folder.PathOf("temporary")).FullName;
        File.WriteAllLines(_text, TinyLanguage.Sentences(seed: 5, count: 120));
    }

    public TestContext TestContext { get; set; } = null!;

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Killed_at_any_moment_it_ends_as_if_it_had_been_left_alone()
    {
        var clock = Stopwatch.StartNew();
        MosProcess.Start(Arguments("alone.zip"), _temporary).Ended(0);
        TimeSpan whole = clock.Elapsed;

        var random = new Random(20261127);
        int kills = 0, wanted = LongTests.Choose(6, 60);
        bool hasEnded = false;
        for (int run = 0; !hasEnded && run < 20 * wanted; run++)
        {
            // Each run of the model is one of a chain of processes: when one has come to its end, the next chain begins.
            using MosProcess process = MosProcess.Start(Resumed(), _temporary);
            bool isKilled = kills < wanted && process.KillAfter(whole * (0.2 + random.NextDouble()));
            kills += isKilled ? 1 : 0;
            if (!isKilled)
            {
                process.Ended(0);
                AssertSameModel();
                hasEnded = kills == wanted;
                Directory.Delete(_folder.PathOf("checkpoints"), recursive: true);
                File.Delete(_folder.PathOf("killed.zip"));
            }
        }

        TestContext.WriteLine($"{kills} kills, a run takes {whole.TotalSeconds:F1} s");
        Assert.IsTrue(hasEnded, "no run comes to its end");
    }

    private void AssertSameModel()
    {
        Assert.AreEqual(
            ShortRun.HashOfWeights(File.ReadAllBytes(_folder.PathOf("alone.zip"))),
            ShortRun.HashOfWeights(File.ReadAllBytes(_folder.PathOf("killed.zip"))));
        Assert.AreSequenceEqual(["alone.zip", "killed.zip", "train.txt"], _folder.FileNames.Order(StringComparer.Ordinal));
        Assert.IsEmpty(Directory.GetFileSystemEntries(_temporary), "what killed processes unpacked is gone");
        Assert.HasCount(1, Directory.GetFileSystemEntries(_folder.PathOf("checkpoints")), "one whole checkpoint, no lock");
    }

    private string[] Resumed() =>
        [.. Arguments("killed.zip"), "--checkpoints", _folder.PathOf("checkpoints"), "--checkpoint-interval", "00:00:00.02", "--resume"];

    private string[] Arguments(string model) =>
    [
        "train", "--train", _text, "--valid", _text, "--model", _folder.PathOf(model), "--epochs", "10",
        "--embedding-size", "8", "--hidden-size", "12", "--layer-count", "2", "--experts", "2", "--batch-size", "4",
        "--sequence-length", "8", "--sequence-length-deviation", "1", "--partial-shuffle", "--weight-dropout", "0.3",
        "--optimizer", "adam", "--learning-rate", "0.005", "--averaging-window", "1", "--finetune-epochs", "2",
        "--learning-rate-schedule", "constant",
    ];
}
