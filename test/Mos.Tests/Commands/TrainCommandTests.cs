using System.Text.Json;
using Mos.Options;
using Mos.Tests.Support;

namespace Mos.Tests.Commands;

[TestClass]
public sealed class TrainCommandTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    public void Training_reports_parameters_validation_perplexity_and_time_and_writes_progress_to_standard_error()
    {
        CommandRun run = _files.Train("m.zip").Succeeded();
        foreach (string word in (string[])["parameters", "validation perplexity", "trained"])
        {
            StringAssert.Contains(run.Output, word);
        }

        StringAssert.Contains(run.Error, "epoch 1/1");
        Assert.IsFalse(run.Output.Contains("epoch 1/1"), run.Output);
    }

    [TestMethod]
    public void The_json_of_a_run_counts_tokens_vocabulary_and_parameters()
    {
        JsonElement json = _files.Train("m.zip", "--json", "--head", "softmax", "--layer-count", "1").Succeeded().Json;
        const int d = 8;
        int words = Workspace.Words.Count + 2; // <unk> and <eos> are added
        int lstm = (4 * d * (d + d)) + (2 * 4 * d); // the last layer gives d, as the decoder is tied
        Assert.AreEqual((words * d) + words + lstm, json.GetProperty("parameters").GetInt64());
        Assert.AreEqual(words, json.GetProperty("vocabulary").GetInt32());
        double perplexity = json.GetProperty("validationPerplexity").GetDouble();
        Assert.IsTrue(perplexity > 1 && perplexity < 10 * words, $"{perplexity}");
        int stream = File.ReadAllLines(_files["train.txt"]).Sum(line => line.Split(' ').Length + 1);
        Assert.IsInRange(stream - 3, stream, json.GetProperty("tokens").GetInt32());
    }

    [TestMethod]
    [DataRow("ptb", 10_000, 21_500_620)]
    [DataRow("wikitext-2", 33_278, 34_909_528)]
    public void A_preset_for_a_corpus_has_the_published_number_of_parameters(string preset, int vocabulary, long parameters)
    {
        string[] text = [.. Enumerable.Range(0, vocabulary - 2).Chunk(50).Select(row => string.Join(' ', row))];
        CommandRun run = CommandRun.Of(
            "train", "--train", _files.Write("words.txt", text), "--valid", _files.Write("valid.txt", "1 2 3"),
            "--model", _files["m.zip"], "--preset", preset, "--json",
            "--max-tokens", "1", "--batch-size", "1", "--sequence-length", "1");
        Assert.AreEqual(parameters, run.Succeeded().Json.GetProperty("parameters").GetInt64());
    }

    [TestMethod]
    public void The_preset_for_One_Billion_Word_is_as_large_as_its_layers()
    {
        const int v = 793_471, d = 128, h = 1024, k = 4;
        const long first = (4L * h * (d + h)) + (2 * 4 * h), second = (4L * h * (h + h)) + (2 * 4 * h), head = (k * d * (h + 1)) + (k * h);
        Assert.AreEqual((v * (d + 1L)) + first + second + head, Preset.Find("one-billion-word").Create().Shape(v).ParameterCount);
    }

    [TestMethod]
    public void Training_longer_predicts_better_on_a_text_that_repeats()
    {
        string text = _files.Write("same.txt", [.. Enumerable.Repeat("the cat sat on a mat and saw one dog", 60)]);
        double once = Perplexity("1");
        double often = Perplexity("15");
        Assert.IsLessThan(once / 2, often);
        Assert.IsLessThan(3, often);

        double Perplexity(string epochs) => CommandRun.Of(
            [
                "train", "--train", text, "--valid", text, "--model", _files["m.zip"], "--json",
                .. Workspace.Tiny("--epochs", epochs, "--word-dropout", "0", "--optimizer", "adam", "--learning-rate", "0.02"),
            ]).Succeeded().Json.GetProperty("validationPerplexity").GetDouble();
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_scores_and_another_seed_others()
    {
        string first = Evaluate("5"), again = Evaluate("5"), other = Evaluate("6");
        Assert.AreEqual(first, again);
        Assert.AreNotEqual(first, other);

        string Evaluate(string seed)
        {
            _files.Train("m.zip", "--seed", seed).Succeeded();
            return CommandRun.Of("evaluate", "--model", _files["m.zip"], "--data", _files["valid.txt"], "--json")
                .Succeeded().Output;
        }
    }

    [TestMethod]
    public void A_run_that_goes_on_says_from_where_and_what_differs_and_nothing_else_of_the_log()
    {
        string[] options = ["--checkpoint-folder", _files["checkpoints"], "--resume"];
        CommandRun first = _files.Train("m.zip", options).Succeeded();
        Assert.IsFalse(first.Error.Contains("mos: "), first.Error);
        CommandRun second = _files.Train("m.zip", [.. options, "--epochs", "2"]).Succeeded();
        string[] messages = [.. second.ErrorLines.Where(line => line.StartsWith("mos: "))];
        Assert.HasCount(2, messages);
        StringAssert.StartsWith(messages[0], $"mos: Going on from '{_files["checkpoints"]}");
        Assert.AreEqual("mos: An option differs from the checkpoint's: MaximumEpochs was '1', is '2'.", messages[1]);
    }

    [TestMethod]
    [DataRow("--max-tokens", "100", "tokens")]
    [DataRow("--maximum-time", "00:00:00.0001", "time")]
    [DataRow("--epochs", "2", "epochs")]
    public void A_run_that_has_ended_saves_its_model_again_and_goes_on_with_a_higher_limit(string option, string limit, string end)
    {
        string[] options = ["--checkpoint-folder", _files["checkpoints"], "--resume", "--json"];
        JsonElement first = _files.Train("m.zip", [.. options, option, limit]).Succeeded().Json;
        Assert.AreEqual(end, first.GetProperty("end").GetString());
        string expected = Evaluate();
        File.Delete(_files["m.zip"]);
        Assert.AreEqual(first.ToString(), _files.Train("m.zip", [.. options, option, limit]).Succeeded().Json.ToString());
        Assert.AreEqual(expected, Evaluate());

        JsonElement on = _files.Train("m.zip", [.. options, "--epochs", "3"]).Succeeded().Json;
        Assert.IsGreaterThan(first.GetProperty("tokens").GetInt64(), on.GetProperty("tokens").GetInt64());
        Assert.AreEqual(3, on.GetProperty("epochs").GetInt32());
        Assert.AreEqual("epochs", on.GetProperty("end").GetString());

        string Evaluate() => CommandRun.Of(
            "evaluate", "--model", _files["m.zip"], "--data", _files["valid.txt"], "--json").Succeeded().Output;
    }

    [TestMethod]
    public void The_validation_perplexity_is_that_of_the_model_that_is_saved_also_if_an_earlier_session_found_it()
    {
        string[] options =
        [
            "--checkpoint-folder", _files["checkpoints"], "--resume", "--json", "--optimizer", "adam", "--learning-rate-schedule", "constant",
            "--learning-rate", "0.05",
        ];
        Perplexity(20);
        double[] logged = [.. Enumerable.Range(21, 3).Select(Perplexity)];
        double saved = CommandRun.Of("evaluate", "--model", _files["m.zip"], "--data", _files["valid.txt"], "--json")
            .Succeeded().Json.GetProperty("perplexity").GetDouble();
        Assert.IsTrue(logged.Zip(logged.Skip(1)).All(pair => pair.Second <= pair.First), "it is the lowest of the run");
        Assert.AreEqual(saved, logged[^1], 0.02 * saved, "validation reads ten columns side by side, evaluation one");

        double Perplexity(int epochs) => _files.Train("m.zip", [.. options, "--epochs", $"{epochs}"])
            .Succeeded().Json.GetProperty("validationPerplexity").GetDouble();
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Places_that_cannot_be_written_are_told_before_any_training()
    {
        _files.Train("/proc/m.zip").FailedWith(1, "'/proc'", "cannot be written", "name a file in another folder");
        _files.Train("m.zip", "--checkpoints", "/proc/checkpoints").FailedWith(1, "'/proc/checkpoints'", "cannot be written");
    }

    [TestMethod]
    public void Rare_words_and_those_beyond_the_largest_vocabulary_are_unknown()
    {
        string text = _files.Write("counts.txt", "a a a b b c", "a b c d");
        Assert.AreEqual(4, Vocabulary("--min-count", "3")); // a and b, beside <unk> and <eos>
        Assert.AreEqual(5, Vocabulary("--max-vocabulary", "5"));
        Assert.AreEqual(6, Vocabulary());

        int Vocabulary(params string[] options) => CommandRun.Of(
            ["train", "--train", text, "--model", _files["m.zip"], "--json", .. Workspace.Tiny(options)])
            .Succeeded().Json.GetProperty("vocabulary").GetInt32();
    }

    [TestMethod]
    public void Byte_pairs_know_every_text_and_compare_with_words_by_word_and_byte()
    {
        CommandRun run = _files.Train("pairs.zip", "--tokenizer", "bpe", "--vocabulary-size", "280", "--json").Succeeded();
        Assert.AreEqual(280 + 2, run.Json.GetProperty("vocabulary").GetInt32()); // <unk> and <eos> are added
        string text = _files.Write("new.txt", "the unheard cat", "été");
        _files.Train("words.zip").Succeeded();
        JsonElement pairs = Evaluate("pairs.zip"), words = Evaluate("words.zip");
        Assert.AreEqual(0, pairs.GetProperty("unknown").GetInt32());
        Assert.AreEqual(2, words.GetProperty("unknown").GetInt32());
        foreach (JsonElement json in new[] { pairs, words })
        {
            double nats = json.GetProperty("crossEntropy").GetDouble() * json.GetProperty("tokens").GetInt32();
            Assert.AreEqual(Math.Exp(nats / 6), json.GetProperty("wordPerplexity").GetDouble(), 1e-6 * Math.Exp(nats / 6));
            Assert.AreEqual(nats / Math.Log(2) / 22, json.GetProperty("bitsPerByte").GetDouble(), 1e-9); // 15 + 5 bytes, two ends
        }

        JsonElement Evaluate(string model) =>
            CommandRun.Of("evaluate", "--model", _files[model], "--data", text, "--json").Succeeded().Json;
    }

    public void Dispose() => _files.Dispose();
}
