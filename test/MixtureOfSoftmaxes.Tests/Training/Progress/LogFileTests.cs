using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Progress;

[TestClass]
public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Each_line_is_one_object_and_a_resumed_run_appends_its_own()
    {
        MixtureOfSoftmaxesTrainer.Options options = ShortRun.Options();
        options.LogFile = _folder.PathOf("log.jsonl");
        options.CheckpointFolder = _folder.PathOf("checkpoints");
        options.Resume = true;
        var recorder = new Recorder();
        options.Progress = recorder;
        options.MaximumEpochs = 2;
        ShortRun.Fit(options).Dispose();
        string[] first = File.ReadAllLines(options.LogFile);
        options.MaximumEpochs = 3;
        ShortRun.Fit(options).Dispose();
        string[] both = File.ReadAllLines(options.LogFile);
        Assert.AreSequenceEqual(first, both[..first.Length]);

        JsonElement[] lines = [.. both.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.IsTrue(lines.All(line => line.ValueKind == JsonValueKind.Object));
        JsonElement[] validations = [.. lines.Where(line => Validation(line).ValueKind == JsonValueKind.Number)];
        Assert.AreSequenceEqual(recorder.Validations, validations.Select(line => Validation(line).GetDouble()));
        Assert.AreSequenceEqual([1, 2, 3], validations.Select(line => line.GetProperty("epoch").GetInt32()));
        long[] tokens = [.. lines.Select(line => line.GetProperty("tokens").GetInt64())];
        Assert.AreSequenceEqual(tokens.Order(), tokens);
        Assert.AreEqual(recorder.Events[^1].Tokens, tokens[^1]);

        static JsonElement Validation(JsonElement line) => line.GetProperty("validationPerplexity");
    }
}
