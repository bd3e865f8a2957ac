using System.Security.Cryptography;
using System.Text.Json.Nodes;
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
            [
                "average.safetensors", "best.safetensors", "checksums.json", "memory.safetensors", "optimizer.bin", "state.json",
                "weights.safetensors",
            ],
            files.Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        foreach (string file in files)
        {
            byte[] whole = File.ReadAllBytes(file);
            AssertRefused(file, () => File.Delete(file));
            AssertRefused(file, () => File.WriteAllBytes(file, whole[..(whole.Length / 2)]));
            AssertRefused(file, () => File.WriteAllBytes(file, []));
            AssertRefused(file, () => File.WriteAllBytes(file, [.. Enumerable.Repeat((byte)0xA5, whole.Length)]));
            if (Path.GetFileName(file) != "checksums.json")
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
    [DataRow("{\"state\":null,\"fingerprint\":{}}")]
    [DataRow("{\"state\":{\"learningRate\":1},\"fingerprint\":null}")]
    [DataRow("{\"state\":{\"learningRate\":1},\"fingerprint\":{}}")]
    [DataRow("{\"state\":{\"learningRate\":1},\"fingerprint\":{\"Seed\":\"1x\"}}")]
    [DataRow("{\"state\":{\"learningRate\":1},\"fingerprint\":{\"Seed\":null}}")]
    public void A_state_that_is_json_but_no_state_is_damaged_too(string json)
    {
        string state = RunShortly();
        AssertRefused(state, () => WriteSealed(state, json), new MLContext());
    }

    [TestMethod]
    [DataRow("epoch", "0", "Epoch is 0")]
    [DataRow("epochsDone", "-1", "EpochsDone is -1")]
    [DataRow("window", "-1", "Window is -1")]
    [DataRow("steps", "-9223372036854775808", "Steps is -9223372036854775808")]
    [DataRow("tokens", "-1", "Tokens is -1")]
    [DataRow("epochTokens", "-1", "EpochTokens is -1")]
    [DataRow("epochLoss", "-0.5", "EpochLoss is -0.5")]
    [DataRow("epochLoss", "1e400", "EpochLoss")]
    [DataRow("learningRate", "0", "LearningRate is 0")]
    [DataRow("learningRate", "NaN", "state.json")]
    [DataRow("validationLosses", "[1, -2]", "ValidationLosses is -2")]
    [DataRow("validationLosses", "null", "validationLosses")]
    [DataRow("bestLoss", "-1", "BestLoss is -1")]
    [DataRow("averagedSteps", "-1", "AveragedSteps is -1")]
    [DataRow("elapsed", "\"-00:00:01\"", "Elapsed is -10000000")]
    public void A_state_that_no_run_comes_to_is_refused_and_the_value_named(string name, string value, string part)
    {
        string state = RunShortly();
        JsonNode json = JsonNode.Parse(File.ReadAllText(state))!;
        json["state"]![name] = "the mark";
        AssertRefused(state, () => WriteSealed(state, json.ToJsonString().Replace("\"the mark\"", value, StringComparison.Ordinal)), part: part);
    }

    [TestMethod]
    public void A_place_past_the_end_of_the_epoch_is_refused()
    {
        string state = RunShortly();
        JsonNode json = JsonNode.Parse(File.ReadAllText(state))!;
        json["state"]!["window"] = 1000;
        WriteSealed(state, json.ToJsonString());
        _options.MaximumTokens = null;
        Errors.AssertThrows<FormatException>(() => ShortRun.Fit(_options), "window 1000", "damaged");
    }

    [TestMethod]
    public void A_checkpoint_of_before_there_was_a_list_of_checksums_goes_on_with_a_warning()
    {
        MixtureOfSoftmaxesTrainer.Options whole = ShortRun.Options();
        (whole.Optimizer, whole.LearningRate, whole.FinetuneEpochs, whole.MaximumEpochs) = (LanguageModelOptimizer.Adam, 0.01, 5, 1);
        string expected = ShortRun.Hash(whole);
        MakeOlder(RunShortly());
        _options.MaximumTokens = null;
        var ml = new MLContext(seed: 1);
        var messages = new List<string>();
        ml.Log += (_, e) => messages.Add($"{e.Kind}: {e.RawMessage}");
        using LanguageModelTransformer model = ShortRun.Fit(_options, ml);
        Assert.AreEqual(expected, ShortRun.HashOfWeights(ModelZip.Save(model)));
        Assert.HasCount(1, messages.Where(m => m.StartsWith("Warning: The checkpoint is of an earlier version", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void The_other_files_of_such_a_checkpoint_are_held_to_their_checksums()
    {
        string state = RunShortly();
        MakeOlder(state);
        string weights = Path.Combine(Path.GetDirectoryName(state)!, "weights.safetensors");
        AssertRefused(weights, () => File.WriteAllBytes(weights, FlipBit(File.ReadAllBytes(weights), 900)), part: "SHA-256");
    }

    [TestMethod]
    public void A_file_whose_checksum_is_not_known_is_refused()
    {
        string checkpoint = Path.GetDirectoryName(RunShortly())!;
        string list = Path.Combine(checkpoint, "checksums.json");
        File.WriteAllText(list, File.ReadAllText(list).Replace("\"weights.safetensors\"", "\"other.safetensors\"", StringComparison.Ordinal));
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

    /// <summary>The state of a checkpoint.</summary>
    private string RunShortly()
    {
        _options.MaximumTokens = 50;
        ShortRun.Fit(_options).Dispose();
        return Path.Combine(Directory.GetDirectories(_options.CheckpointFolder!).Single(), "state.json");
    }

    /// <summary>Writes a state and its checksum, as by someone who means it.</summary>
    private static void WriteSealed(string state, string json)
    {
        File.WriteAllText(state, json);
        string list = Path.Combine(Path.GetDirectoryName(state)!, "checksums.json");
        JsonNode checksums = JsonNode.Parse(File.ReadAllText(list))!;
        checksums["state.json"] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(state)));
        File.WriteAllText(list, checksums.ToJsonString());
    }

    /// <summary>Puts the checksums of the other files into the state, where they once stood.</summary>
    private static void MakeOlder(string state)
    {
        string list = Path.Combine(Path.GetDirectoryName(state)!, "checksums.json");
        JsonObject checksums = JsonNode.Parse(File.ReadAllText(list))!.AsObject();
        checksums.Remove("state.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(state))!;
        json["checksums"] = checksums;
        File.WriteAllText(state, json.ToJsonString());
        File.Delete(list);
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
