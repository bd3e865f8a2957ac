using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training;

[TestClass]
public sealed class RecipeHealthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MixtureOfSoftmaxesTrainer.Options _options = RecipeRun.Options();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_run_that_diverges_says_so_and_its_newest_checkpoint_is_finite()
    {
        _options.LearningRate = _options.ClipNorm = 1e30;
        _options.CheckpointFolder = _folder.PathOf("checkpoints");
        _options.CheckpointInterval = TimeSpan.FromTicks(1);
        Errors.AssertThrows<ArithmeticException>(() => RecipeRun.Fit(_options), "diverged", "LearningRate");
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
        _options.LearningRate = _options.ClipNorm = 1e5;
        _options.LogFile = _folder.PathOf("log.jsonl");
        var recorder = new Recorder();
        _options.Progress = recorder;
        RecipeRun.Fit(_options).Dispose();
        Assert.IsTrue(recorder.Validations.Any(double.IsInfinity), "else there is nothing to test");
        Assert.HasCount(1 + _options.MaximumEpochs, File.ReadAllLines(_options.LogFile).Select(line => JsonDocument.Parse(line)));
    }
}
