using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

[TestClass]
public sealed class DivergenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MixtureOfSoftmaxesTrainer.Options _options = ShortRun.Options();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_run_that_diverges_says_so_and_its_newest_checkpoint_is_finite()
    {
        _options.LearningRate = _options.ClipNorm = 1e30;
        _options.CheckpointFolder = _folder.PathOf("checkpoints");
        _options.CheckpointInterval = TimeSpan.FromTicks(1);
        Errors.AssertThrows<ArithmeticException>(() => ShortRun.Fit(_options), "diverged", "LearningRate");
        string checkpoint = Directory.GetDirectories(_options.CheckpointFolder).Single();
        byte[] file = File.ReadAllBytes(Path.Combine(checkpoint, "weights.safetensors"));
        int begin = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        float[] weights = MemoryMarshal.Cast<byte, float>(file.AsSpan(begin)).ToArray();
        Assert.IsNotEmpty(weights);
        Assert.IsTrue(weights.All(float.IsFinite));
    }

    [TestMethod]
    public void The_log_of_a_run_whose_perplexity_is_beyond_all_numbers_stays_readable()
    {
        // A loss of more than 709 nats is a number, its exponential is none.
        string log = _folder.PathOf("log.jsonl");
        IHost host = ((IHostEnvironment)new MLContext()).Register("test");
        using (IChannel channel = host.Start("test"))
        using (IProgressChannel progress = host.StartProgressChannel("test"))
        using (var reporter = new ProgressReporter(channel, progress, null, log))
        {
            reporter.Report(new(1, 2, 3, 4, 500, 800, double.PositiveInfinity, 20, 100, TimeSpan.FromSeconds(5), TimeSpan.MaxValue));
        }

        using JsonDocument line = JsonDocument.Parse(File.ReadAllLines(log).Single());
        Assert.AreEqual(800, line.RootElement.GetProperty("loss").GetDouble());
        Assert.AreEqual("Infinity", line.RootElement.GetProperty("perplexity").GetString());
    }

    [TestMethod]
    public void An_infinite_validation_perplexity_is_a_divergence()
    {
        _options.LearningRate = _options.ClipNorm = 1e5;
        Errors.AssertThrows<ArithmeticException>(() => ShortRun.Fit(_options), "diverged", "validation", "LearningRate");
    }
}
