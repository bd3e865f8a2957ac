using Mos.Commands;
using Mos.Sweeps;
using Mos.Tests.Support;

namespace Mos.Tests.Sweeps;

[TestClass]
public sealed class TrainingMemoryTests : IDisposable
{
    private const int Words = 20_000, EmbeddingSize = 256;

    private readonly Workspace _files = new();

    /// <summary>Nearly all parameters are the embedding's here, and Adam keeps two numbers for each.</summary>
    [TestMethod]
    public void The_memory_of_training_is_that_of_weights_gradients_and_optimizer_and_little_more_where_steps_are_small()
    {
        SweepText text = new([_files.Write("a.txt", "a text")], "hash");
        SweepRun run = new("softmax-d256", "softmax", 1, EmbeddingSize, 1, ["--head", "softmax", "--embedding-size", $"{EmbeddingSize}"]);
        var folder = new SweepFolder(_files["sweep"]);
        Directory.CreateDirectory(folder.Path);
        folder.Save(new SweepSettings
        {
            Texts = new() { ["--train"] = text, ["--valid"] = text, ["--test"] = text },
            Options = new()
            {
                ["--optimizer"] = ["adam"],
                ["--hidden-size"] = ["8"],
                ["--layer-count"] = ["1"],
                ["--last-hidden-size"] = ["8"],
                ["--batch-size"] = ["2"],
                ["--sequence-length"] = ["2"],
            },
            Heads = ["softmax"],
            Experts = [],
            EmbeddingSizes = [EmbeddingSize],
            Seeds = [1],
            Runs = [run],
        });
        long bytes = TrainingMemoryCommand.Measure(folder, run, Words, CancellationToken.None)!.Value;
        const long Embedding = Words * EmbeddingSize * sizeof(float);
        Assert.IsInRange(4 * Embedding * 0.9, 8 * Embedding, bytes);
    }

    [TestMethod]
    public void What_cannot_be_measured_has_no_figure()
    {
        SweepRun run = new("softmax-d8", "softmax", 1, 8, 1, []);
        Assert.IsNull(TrainingMemoryCommand.Measure(new(_files["none"]), run, Words, CancellationToken.None));
    }

    public void Dispose() => _files.Dispose();
}
