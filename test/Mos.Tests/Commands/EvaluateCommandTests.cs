using System.Text.Json;
using Mos.Tests.Support;

namespace Mos.Tests.Commands;

[TestClass]
public sealed class EvaluateCommandTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestInitialize]
    public void TrainModel() => _files.Train("m.zip").Succeeded();

    [TestMethod]
    public void Perplexity_is_the_exponential_of_the_cross_entropy_and_counts_are_those_of_the_text()
    {
        string data = _files.Write("data.txt", "the cat sat", "unheard of", "", "a dog");
        JsonElement json = Evaluate(data).Json;
        double crossEntropy = json.GetProperty("crossEntropy").GetDouble();
        Assert.IsTrue(double.IsFinite(crossEntropy));
        Assert.AreEqual(Math.Exp(crossEntropy), json.GetProperty("perplexity").GetDouble(), 1e-9);
        Assert.AreEqual(crossEntropy / Math.Log(2), json.GetProperty("bits").GetDouble(), 1e-9);
        Assert.AreEqual(7 + 4, json.GetProperty("tokens").GetInt32());
        Assert.AreEqual(2, json.GetProperty("unknown").GetInt32());
        Assert.AreEqual(4, json.GetProperty("rows").GetInt32());
    }

    [TestMethod]
    public void Gzip_is_read_as_the_plain_text_is()
    {
        string plain = _files["valid.txt"];
        Assert.AreEqual(Evaluate(plain).Output, Evaluate(_files.Compress(plain)).Output);
    }

    [TestMethod]
    public void Several_files_are_one_text()
    {
        string[] lines = File.ReadAllLines(_files["valid.txt"]);
        string first = _files.Write("1.txt", lines[..10]), second = _files.Write("2.txt", lines[10..]);
        Assert.AreEqual(Evaluate(_files["valid.txt"]).Output, Evaluate(first, second).Output);
    }

    [TestMethod]
    public void In_the_context_of_rows_their_order_is_without_effect_and_in_a_stream_it_is_not()
    {
        string[] lines = File.ReadAllLines(_files["valid.txt"]);
        string reversed = _files.Write("reversed.txt", [.. lines.Reverse()]);
        Assert.AreEqual(CrossEntropy(_files["valid.txt"], "row"), CrossEntropy(reversed, "row"), 1e-6);
        Assert.AreNotEqual(CrossEntropy(_files["valid.txt"], "stream"), CrossEntropy(reversed, "stream"), 1e-6);

        double CrossEntropy(string data, string context) =>
            Evaluate(data, "--context", context).Json.GetProperty("crossEntropy").GetDouble();
    }

    [TestMethod]
    public void In_the_context_of_documents_each_file_is_a_stream_of_its_own()
    {
        string[] lines = File.ReadAllLines(_files["valid.txt"]);
        string first = _files.Write("1.txt", lines[..10]), second = _files.Write("2.txt", lines[10..]);
        JsonElement both = Evaluate(first, second, "--context", "document").Json;
        double sum = new[] { first, second }.Select(file => Evaluate(file, "--context", "stream").Json)
            .Sum(json => json.GetProperty("crossEntropy").GetDouble() * json.GetProperty("tokens").GetInt32());
        Assert.AreEqual(sum / both.GetProperty("tokens").GetInt32(), both.GetProperty("crossEntropy").GetDouble(), 1e-5);
    }

    [TestMethod]
    public void A_file_that_is_given_twice_is_two_documents()
    {
        string file = _files.Write("1.txt", [.. File.ReadAllLines(_files["valid.txt"]).Take(10)]), empty = _files.Write("2.txt");
        double expected = CrossEntropy(file);
        Assert.AreEqual(expected, CrossEntropy(file, file), 1e-6);
        Assert.AreEqual(expected, CrossEntropy(file, empty, file), 1e-6);
        Assert.AreNotEqual(expected, CrossEntropy(_files.Write("3.txt", [.. File.ReadLines(file), .. File.ReadLines(file)])), 1e-6);

        double CrossEntropy(params string[] files) =>
            Evaluate([.. files, "--context", "document"]).Json.GetProperty("crossEntropy").GetDouble();
    }

    [TestMethod]
    public void What_does_not_count_is_not_among_the_tokens()
    {
        string data = _files.Write("data.txt", "the cat sat", "unheard of", "", "a dog");
        JsonElement json = Evaluate(data, "--ignore-unknown", "--ignore-end-of-sentence").Json;
        Assert.AreEqual(5, json.GetProperty("tokens").GetInt32());
        Assert.AreEqual(0, json.GetProperty("unknown").GetInt32(), "of the tokens");
    }

    [TestMethod]
    [DataRow]
    [DataRow("--ignore-unknown")]
    [DataRow("--ignore-end-of-sentence")]
    [DataRow("--ignore-unknown", "--ignore-end-of-sentence")]
    public void For_a_model_of_words_the_perplexity_per_word_is_the_perplexity_whatever_counts(params string[] options)
    {
        string data = _files.Write("mostly-oov.txt", "the cat zzz qqq xxx www vvv sat");
        JsonElement json = Evaluate([data, .. options]).Json;
        double perplexity = json.GetProperty("perplexity").GetDouble();
        Assert.AreEqual(perplexity, json.GetProperty("wordPerplexity").GetDouble(), 1e-9 * perplexity);
        int bytes = (options.Contains("--ignore-unknown") ? 11 : 31) + (options.Contains("--ignore-end-of-sentence") ? 0 : 1);
        double bits = json.GetProperty("bits").GetDouble() * json.GetProperty("tokens").GetInt32();
        Assert.AreEqual(bits / bytes, json.GetProperty("bitsPerByte").GetDouble(), 1e-9 * bits);
    }

    [TestMethod]
    public void Figures_have_intervals_and_lengths_with_and_without_ends_of_rows()
    {
        string data = _files.Write("data.txt", Workspace.Sentences(64, seed: 4));
        JsonElement json = Evaluate(data, "--context", "row").Json;
        int words = File.ReadLines(data).Sum(line => line.Split(' ').Length), bytes = File.ReadAllBytes(data).Length;
        double nats = json.GetProperty("crossEntropy").GetDouble() * json.GetProperty("tokens").GetInt32();
        JsonElement text = json.GetProperty("withoutRowEnds");
        Assert.AreEqual((words + 64, bytes, bytes, 64), (Int("words"), Int("bytes"), Int("characters"), Int("rowEnds")));
        Assert.AreEqual(nats / bytes / Math.Log(2), json.GetProperty("bitsPerCharacter").GetDouble(), 1e-9);
        Assert.AreEqual(Math.Exp(nats / bytes), json.GetProperty("bytePerplexity").GetDouble(), 1e-9);
        Assert.AreEqual(Math.Exp(nats / words), text.GetProperty("wordPerplexity").GetDouble(), 1e-6);
        Assert.AreEqual(nats / (bytes - 64) / Math.Log(2), text.GetProperty("bitsPerByte").GetDouble(), 1e-9);
        foreach (string figure in (string[])["perplexity", "wordPerplexity", "bytePerplexity"])
        {
            JsonElement interval = json.GetProperty(figure + "Interval");
            Assert.IsLessThan(json.GetProperty(figure).GetDouble(), interval.GetProperty("low").GetDouble());
            Assert.IsGreaterThan(json.GetProperty(figure).GetDouble(), interval.GetProperty("high").GetDouble());
        }

        JsonElement blocks = Evaluate(data, "--context", "row", "--block-length", "32").Json.GetProperty("perplexityInterval");
        Assert.AreNotEqual(json.GetProperty("perplexityInterval").GetRawText(), blocks.GetRawText());
        Assert.AreEqual(
            Evaluate(data, "--context", "stream", "--block-length", "4").Output, Evaluate(data, "--context", "stream").Output, "the cube root of 64");
        CommandRun.Of("evaluate", "--model", _files["m.zip"], "--data", data, "--resamples", "99").FailedWith(2, "--resamples", "99");

        int Int(string name) => json.GetProperty(name).GetInt32();
    }

    [TestMethod]
    public void Text_in_which_nothing_counts_has_no_perplexity() => CommandRun.Of(
        "evaluate", "--model", _files["m.zip"], "--data", _files.Write("blank.txt", "", ""), "--ignore-end-of-sentence")
        .FailedWith(1, "no token that counts");

    [TestMethod]
    public void A_figure_that_is_too_large_for_a_number_is_written_as_Infinity()
    {
        _files.Train("m.zip", "--tokenizer", "bpe", "--vocabulary-size", "280").Succeeded();
        string data = _files.Write("long.txt", new string('中', 300));
        JsonElement json = Evaluate(data).Json;
        double nats = json.GetProperty("crossEntropy").GetDouble() * json.GetProperty("tokens").GetInt32();
        Assert.IsGreaterThan(710 * 2, nats, "the exponential of the loss of the word and the end is too large");
        Assert.AreEqual("Infinity", json.GetProperty("wordPerplexity").GetString());
        Assert.AreEqual(nats / Math.Log(2) / 901, json.GetProperty("bitsPerByte").GetDouble(), 1e-6);
    }

    [TestMethod]
    public void Without_json_the_figures_stand_in_words()
    {
        CommandRun run = CommandRun.Of("evaluate", "--model", _files["m.zip"], "--data", _files["valid.txt"]).Succeeded();
        string perplexity = Evaluate(_files["valid.txt"]).Json.GetProperty("perplexity").GetDouble().ToString("F2");
        Assert.AreEqual("perplexity     " + perplexity, run.OutputLines[0]);
        Assert.AreEqual("", run.Error);
    }

    [TestMethod]
    public void What_is_skipped_is_reported_where_something_may_be()
    {
        // Of two experts one has a prior of half at most.
        JsonElement use = Evaluate(_files["valid.txt"], "--skipped-prior", "0.6").Json.GetProperty("expertUse");
        Assert.AreEqual(1, use.GetProperty("meanExperts").GetDouble());
        double mean = use.GetProperty("meanSkippedPrior").GetDouble(), largest = use.GetProperty("largestSkippedPrior").GetDouble();
        Assert.IsInRange(0.001, largest, mean);
        Assert.IsInRange(mean, 0.5, largest);
        CommandRun run = CommandRun.Of(
            "evaluate", "--model", _files["m.zip"], "--data", _files["valid.txt"], "--skipped-prior", "0.6").Succeeded();
        Assert.AreEqual($"experts        1.00 for each token, priors of {mean:G3} skipped on average, {largest:G3} at most", run.OutputLines[^1]);
        Assert.AreEqual(JsonValueKind.Null, Evaluate(_files["valid.txt"]).Json.GetProperty("expertUse").ValueKind);
    }

    public void Dispose() => _files.Dispose();

    private CommandRun Evaluate(params string[] dataAndOptions) =>
        CommandRun.Of(["evaluate", "--model", _files["m.zip"], "--json", "--data", .. dataAndOptions]).Succeeded();
}
