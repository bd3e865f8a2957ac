using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Checkpoints;

[TestClass]
public sealed class DamagedCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MixtureOfSoftmaxesTrainer.Options _options = ShortRun.Options();

    public DamagedCheckpointTests()
    {
        _options.Optimizer = LanguageModelOptimizer.Adam;
        _options.LearningRate = 0.01;
        _options.FinetuneEpochs = 5;
        _options.MaximumEpochs = 1;
        _options.CheckpointFolder = _folder.PathOf("checkpoints");
        _options.Resume = true;
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_file_that_is_missing_cut_off_empty_or_overwritten_is_named_with_the_remedy()
    {
        // In the middle of an epoch of fine-tuning, where there are files of all kinds.
        using var cancellation = new CancellationTokenSource();
        _options.CancellationToken = cancellation.Token;
        int steps = 0;
        _options.Progress = new Recorder(_ =>
        {
            if (++steps == 18)
            {
                cancellation.Cancel();
            }
        });
        ShortRun.Fit(_options).Dispose();
        (_options.CancellationToken, _options.Progress) = (default, null);
        string checkpoint = Directory.GetDirectories(_options.CheckpointFolder!).Single();
        string[] files = Directory.GetFiles(checkpoint);
        Assert.AreSequenceEqual(
            ["average.safetensors", "best.safetensors", "memory.safetensors", "optimizer.bin", "state.json", "weights.safetensors"],
            files.Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        foreach (string file in files)
        {
            byte[] whole = File.ReadAllBytes(file);
            AssertRefused(file, () => File.Delete(file));
            AssertRefused(file, () => File.WriteAllBytes(file, whole[..(whole.Length / 2)]));
            AssertRefused(file, () => File.WriteAllBytes(file, []));
            AssertRefused(file, () => File.WriteAllBytes(file, [.. Enumerable.Repeat((byte)0xA5, whole.Length)]));
            if (Path.GetFileName(file) != "state.json")
            {
                AssertRefused(file, () => File.WriteAllBytes(file, FlipBit(whole, whole.Length - 1)), part: "SHA-256");
                AssertRefused(file, () => File.WriteAllBytes(file, FlipBit(whole, whole.Length * 3 / 4)), part: "SHA-256");
            }

            File.WriteAllBytes(file, whole);
        }

        ShortRun.Fit(_options).Dispose();
    }

    [TestMethod]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("[]")]
    [DataRow("{\"state\":null,\"fingerprint\":{},\"checksums\":{}}")]
    [DataRow("{\"state\":{},\"fingerprint\":null,\"checksums\":{}}")]
    [DataRow("{\"state\":{},\"fingerprint\":{},\"checksums\":null}")]
    [DataRow("{\"state\":{},\"fingerprint\":{}}")]
    public void A_state_that_is_json_but_no_state_is_damaged_too(string json)
    {
        _options.MaximumTokens = 50;
        ShortRun.Fit(_options).Dispose();
        string state = Path.Combine(Directory.GetDirectories(_options.CheckpointFolder!).Single(), "state.json");
        AssertRefused(state, () => File.WriteAllText(state, json), new MLContext());
    }

    [TestMethod]
    public void A_file_whose_checksum_is_not_known_is_refused()
    {
        _options.MaximumTokens = 50;
        ShortRun.Fit(_options).Dispose();
        string checkpoint = Directory.GetDirectories(_options.CheckpointFolder!).Single();
        string state = Path.Combine(checkpoint, "state.json");
        File.WriteAllText(state, File.ReadAllText(state).Replace("\"weights.safetensors\"", "\"other.safetensors\"", StringComparison.Ordinal));
        AssertRefused(Path.Combine(checkpoint, "weights.safetensors"), () => { }, part: "SHA-256");
    }

    [TestMethod]
    public void A_folder_with_the_checkpoint_of_an_earlier_run_is_left_alone_without_resume()
    {
        _options.MaximumTokens = 50;
        ShortRun.Fit(_options).Dispose();
        string checkpoint = Directory.GetDirectories(_options.CheckpointFolder!).Single();
        _options.Resume = false;
        Errors.AssertThrows<InvalidOperationException>(() => ShortRun.Fit(_options), _options.CheckpointFolder!, "Resume");
        Assert.IsTrue(File.Exists(Path.Combine(checkpoint, "state.json")));
    }

    [TestMethod]
    public void A_folder_that_cannot_be_made_is_an_error_that_names_it_before_any_training()
    {
        _options.CheckpointFolder = _folder.PathOf("file");
        File.WriteAllText(_options.CheckpointFolder, "in the way");
        var recorder = new Recorder();
        _options.Progress = recorder;
        Errors.AssertThrows<IOException>(() => ShortRun.Fit(_options), _options.CheckpointFolder);
        Assert.IsEmpty(recorder.Events);
        Assert.AreEqual("in the way", File.ReadAllText(_options.CheckpointFolder));
    }

    private static byte[] FlipBit(byte[] bytes, int index)
    {
        byte[] flipped = [.. bytes];
        flipped[index] ^= 1;
        return flipped;
    }

    private void AssertRefused(string file, Action damage, MLContext? ml = null, string part = "")
    {
        damage();
        Errors.AssertThrows<FormatException>(() => ShortRun.Fit(_options, ml), file, "Resume", part);
    }
}
