using System.Globalization;
using System.Text.Json;
using Mos.Tests.Support;

namespace Mos.Tests.Commands;

[TestClass]
public sealed class GenerateCommandTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestInitialize]
    public void TrainModel() => _files.Train("m.zip").Succeeded();

    [TestMethod]
    public void A_text_is_words_of_the_model_on_one_line()
    {
        CommandRun run = Generate("--seed", "1");
        Assert.HasCount(1, run.OutputLines);
        string[] words = run.OutputLines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        CollectionAssert.IsSubsetOf(words.Distinct().ToArray(), Workspace.Words.ToArray());
        Assert.AreEqual("", run.Error);
        Assert.AreEqual(run.Output, Generate("--seed", "1").Output);
    }

    [TestMethod]
    public void Texts_have_seeds_in_a_row()
    {
        string[] texts = [.. Enumerable.Range(5, 3).Select(seed => Generate("--seed", $"{seed}").Output)];
        Assert.AreEqual(string.Concat(texts), Generate("--seed", "5", "--count", "3").Output);
        Assert.HasCount(3, texts.Distinct());
    }

    [TestMethod]
    public void Without_a_stop_each_sentence_has_its_line()
    {
        JsonElement text = Texts("--seed", "1", "--max-tokens", "400", "--stop-at-end-of-sentence", "false", "--json").Single();
        string[] words = [.. text.GetProperty("words").EnumerateArray().Select(word => word.GetProperty("word").GetString()!)];
        Assert.HasCount(400, words);
        Assert.Contains("<eos>", words[..^1]);
        string plain = Generate("--seed", "1", "--max-tokens", "400", "--stop-at-end-of-sentence", "false").Output.TrimEnd('\n');
        Assert.AreEqual(plain, text.GetProperty("text").GetString());
        string joined = string.Join(' ', words).Replace("<eos>", "\n").Replace(" \n", "\n").Replace("\n ", "\n");
        Assert.AreEqual(joined.TrimEnd('\n'), plain);
    }

    [TestMethod]
    public void Log_probabilities_are_those_that_score_adds_up()
    {
        string[] lines = Generate("--seed", "3", "--temperature", "1.5", "--log-probabilities").Output.TrimEnd('\n').Split('\n');
        string[][] table = [.. lines.Select(line => line.Split('\t'))];
        Assert.AreEqual("<eos>", table[^1][0]);
        string rows = _files.Write("rows.txt", string.Join(' ', table[..^1].Select(word => word[0])));
        CommandRun score = CommandRun.Of("score", "--model", _files["m.zip"], "--input", rows).Succeeded();
        string[] scored = score.OutputLines[1].Split('\t');
        Assert.AreEqual(Number(scored[0]), table.Sum(word => Number(word[1])), 1e-3);
    }

    [TestMethod]
    public void A_beam_of_one_is_what_temperature_0_gives()
    {
        string greedy = Generate("--prompt", "the cat", "--temperature", "0").Output;
        Assert.AreEqual(greedy, Generate("--prompt", "the cat", "--beam", "1").Output);
        double[] found = [.. Texts("--beam", "8", "--length-normalization", "0", "--count", "4", "--json")
            .Select(text => text.GetProperty("logProbability").GetDouble())];
        Assert.HasCount(4, found);
        CollectionAssert.AreEqual(found.OrderDescending().ToArray(), found);
    }

    [TestMethod]
    public void A_prompt_and_the_text_are_the_whole_text_of_words_and_of_byte_pairs()
    {
        string words = Texts("--prompt", "the cat", "--seed", "1", "--json").Single().GetProperty("text").GetString()!;
        StringAssert.StartsWith(words, " ");
        Assert.AreEqual(words + "\n", Generate("--prompt", "the cat", "--seed", "1").Output);

        // Trains a model on one sentence, repeated.
        _files.Write("pairs.txt", [.. Enumerable.Repeat("the cât is – on the mat", 200)]);
        string[] parts = ["word", "input", "hidden", "output", "latent", "weight"];
        string[] noDropout = [.. parts.SelectMany(part => new[] { $"--{part}-dropout", "0" })];
        string[] options = Workspace.Tiny(
            ["--layer-count", "1", "--epochs", "20", "--learning-rate", "10", "--tokenizer", "bpe", .. noDropout]);
        CommandRun.Of(["train", "--train", _files["pairs.txt"], "--model", _files["m.zip"], .. options]).Succeeded();
        Assert.AreEqual("the cât is – on the mat\n", Generate("--temperature", "0").Output);
        Assert.AreEqual(" – on the mat\n", Generate("--prompt", "the cât is", "--beam", "3").Output);
        JsonElement text = Texts("--prompt", "the cât is", "--temperature", "0", "--json").Single();
        Assert.AreEqual(" – on the mat", text.GetProperty("text").GetString());
        Assert.AreEqual("<eos>", text.GetProperty("words").EnumerateArray().Last().GetProperty("word").GetString());
    }

    [TestMethod]
    [DataRow("--top-p", "2", "--top-p: TopP is 2")]
    [DataRow("--temperature", "-1", "--temperature: Temperature is -1")]
    [DataRow("--beam", "0", "--width: Width is 0")]
    [DataRow("--count", "0", "--count is 0")]
    [DataRow("--top-k", "many", "'many'")]
    public void A_wrong_value_is_wrong_usage_and_named(string option, string value, string named) =>
        CommandRun.Of("generate", "--model", _files["m.zip"], option, value).FailedWith(2, named);

    [TestMethod]
    public void A_missing_model_fails_with_its_name() =>
        CommandRun.Of("generate", "--model", _files["no.zip"]).FailedWith(1, _files["no.zip"]);

    public void Dispose() => _files.Dispose();

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private JsonElement[] Texts(params string[] options) => [.. Generate(options).Json.GetProperty("texts").EnumerateArray()];

    private CommandRun Generate(params string[] options) =>
        CommandRun.Of(["generate", "--model", _files["m.zip"], .. options]).Succeeded();
}
