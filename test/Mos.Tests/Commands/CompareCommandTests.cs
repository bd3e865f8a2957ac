using System.Text.Json;
using System.Xml.Linq;
using Mos.Tests.Support;

namespace Mos.Tests.Commands;

[TestClass]
public sealed class CompareCommandTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestInitialize]
    public void TrainModels()
    {
        string[] softmax = ["--head", "softmax"];
        _files.Train("a.zip", [.. softmax, "--embedding-size", "4", "--seed", "1", "--log-file", _files["a.jsonl"]]).Succeeded();
        _files.Train("b.zip", [.. softmax, "--embedding-size", "6", "--seed", "2"]).Succeeded();
    }

    [TestMethod]
    public void Figures_are_those_of_evaluate()
    {
        JsonElement[] models = [.. Compare("--json").Json.GetProperty("models").EnumerateArray()];
        CollectionAssert.AreEqual(new[] { "a", "b" }, models.Select(model => model.GetProperty("name").GetString()).ToArray());
        foreach (JsonElement model in models)
        {
            string file = _files[$"{model.GetProperty("name")}.zip"];
            JsonElement expected = CommandRun.Of(
                "evaluate", "--model", file, "--data", _files["valid.txt"], "--json").Succeeded().Json;
            JsonElement metrics = model.GetProperty("metrics");
            Assert.AreEqual(expected.GetProperty("perplexity").GetDouble(), metrics.GetProperty("perplexity").GetDouble(), 1e-5);
            Assert.AreEqual(expected.GetProperty("tokens").GetInt64(), metrics.GetProperty("tokenCount").GetInt64());
            Assert.AreEqual(JsonValueKind.Null, model.GetProperty("rank").ValueKind);
        }
    }

    [TestMethod]
    public void Without_json_the_tables_stand_in_words()
    {
        string[] lines = Compare("--examples", "3").OutputLines;
        StringAssert.StartsWith(lines[1], "a ");
        StringAssert.StartsWith(lines[2], "b ");
        int bands = Array.FindIndex(lines, line => line.StartsWith("occurrences"));
        int words = Array.FindIndex(lines, line => line.StartsWith("context and word"));
        Assert.IsInRange(4, words, bands);
        Assert.HasCount(3, lines[(words + 1)..]);
    }

    [TestMethod]
    public void The_page_shows_charts_and_rows_and_training()
    {
        string page = _files["compared.html"];
        Compare("--rank", "--examples", "2", "--run", _files["a.jsonl"], "--output", page);
        XElement root = XDocument.Parse(File.ReadAllText(page)).Root!;
        string[] headings = [.. root.Descendants("h2").Select(heading => heading.Value)];
        CollectionAssert.IsSubsetOf(
            new[]
            {
                "Perplexity", "Perplexity against d", "Singular values of log P", "Perplexity by word frequency", "Rank",
                "Where the models differ most", "Most surprising rows", "Least surprising rows", "Training perplexity",
            },
            headings);
        CollectionAssert.DoesNotContain(headings, "Perplexity against K");
        Assert.HasCount(4, root.Descendants("article"));

        // The strength of a word's colour is proportional to its surprisal, up to 12 nats.
        foreach (XElement word in root.Descendants("article").Descendants("span"))
        {
            double share = double.Parse(word.Attribute("style")!.Value["--s:".Length..]);
            Assert.AreEqual(Math.Min(double.Parse(word.Element("small")!.Value) / 12, 1), share, 0.01);
        }

        string[] ids = [.. root.Descendants().Attributes("id").Select(id => id.Value)];
        CollectionAssert.AllItemsAreUnique(ids);
    }

    [TestMethod]
    public void Models_that_do_not_compare_fail_with_their_names()
    {
        string other = _files.Write("other.txt", "quite other words", "in this text");
        CommandRun.Of(["train", "--train", other, "--model", _files["c.zip"], .. Workspace.Tiny()]).Succeeded();
        CommandRun.Of("compare", "--model", _files["a.zip"], _files["c.zip"], "--data", _files["valid.txt"])
            .FailedWith(1, "'a'", "'c'", "different vocabularies");
        CommandRun.Of("compare", "--model", _files["a.zip"], _files["a.zip"], "--data", _files["valid.txt"])
            .FailedWith(2, "twice");
    }

    public void Dispose() => _files.Dispose();

    private CommandRun Compare(params string[] options) => CommandRun.Of(
        [
            "compare", "--model", _files["a.zip"], _files["b.zip"], "--data", _files["valid.txt"], "--contexts", "64", .. options,
        ]).Succeeded();
}
