using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Mos.Tests.Support;

namespace Mos.Tests.Commands;

[TestClass]
public sealed class SweepCommandTests : IDisposable
{
    private static readonly string[] s_small =
        ["--hidden-size", "12", "--layer-count", "1", "--batch-size", "4", "--sequence-length", "10", "--epochs", "1", "--contexts", "20"];

    private readonly Workspace _files = new();

    private string Output => _files["sweep"];

    [TestInitialize]
    public void WriteTexts()
    {
        _files.Write("train.txt", Workspace.Sentences(100, seed: 1));
        _files.Write("valid.txt", Workspace.Sentences(30, seed: 2));
        _files.Write("test.txt", Workspace.Sentences(40, seed: 3));
    }

    [TestMethod]
    public void Every_head_size_and_seed_gets_a_run_whose_figures_are_those_of_the_other_commands()
    {
        JsonElement summary = New("--heads", "softmax", "mos", "mos --experts 3 --latent-rank 5", "--experts", "2", "4", "--embedding-sizes",
            "6", "8", "--seeds", "1", "--rounds", "0", "--json").Succeeded().Json;
        JsonElement[] configurations = [.. summary.GetProperty("configurations").EnumerateArray()];
        Assert.AreSequenceEqual(
            [
                "softmax-d6", "softmax-d8", "mos-K2-d6", "mos-K4-d6", "mos-K2-d8", "mos-K4-d8", "mos-latent-rank-5-K3-d6",
                "mos-latent-rank-5-K3-d8",
            ],
            configurations.Select(one => one.GetProperty("name").GetString()));
        foreach (JsonElement one in configurations)
        {
            string model = Path.Combine(Output, "runs", $"{one.GetProperty("name")}-s1", "model.zip");
            JsonElement evaluated = CommandRun.Of("evaluate", "--model", model, "--data", _files["test.txt"], "--json").Succeeded().Json;
            Assert.AreEqual(evaluated.GetProperty("perplexity").GetDouble(), one.GetProperty("perplexity").GetDouble(), 1e-9);
            Assert.AreEqual(
                evaluated.GetProperty("perplexityInterval").GetProperty("high").GetDouble(),
                one.GetProperty("perplexityInterval").GetProperty("high").GetDouble(), 1e-9);
            Assert.AreEqual(JsonValueKind.Null, one.GetProperty("trainingSeconds").ValueKind, "not measured");
        }

        JsonElement ranked = CommandRun.Of(
            "rank", "--model", Path.Combine(Output, "runs", "softmax-d6-s1", "model.zip"), "--data", _files["test.txt"], "--contexts", "20",
            "--json").Succeeded().Json.GetProperty("models")[0].GetProperty("rank");
        Assert.AreEqual(
            ranked.GetProperty("rank").GetInt32(), configurations[0].GetProperty("runs")[0].GetProperty("result").GetProperty("rank").GetInt32());
        JsonElement trained = CommandRun.Of(
            [
                "train", "--train", _files["train.txt"], "--valid", _files["valid.txt"], "--model", _files["m.zip"], "--json", "--experts", "2",
                "--embedding-size", "6", .. s_small[..^2],
            ]).Succeeded().Json;
        JsonElement run = configurations[2].GetProperty("runs")[0].GetProperty("result");
        foreach (string figure in (string[])["validationPerplexity", "parameters", "tokens", "epochs", "end"])
        {
            Assert.AreEqual($"{trained.GetProperty(figure)}", $"{run.GetProperty(figure)}", figure);
        }
    }

    [TestMethod]
    public void The_page_shows_four_charts_a_row_for_each_configuration_and_the_floor()
    {
        CommandRun run = New(
            "--heads", "softmax", "mos", "--experts", "2", "--embedding-sizes", "6", "--rounds", "1", "--floor", "2.5", "--json").Succeeded();
        foreach (JsonElement one in run.Json.GetProperty("configurations").EnumerateArray())
        {
            Assert.IsGreaterThan(0, one.GetProperty("trainingSeconds").GetDouble());
            Assert.IsGreaterThan(0, one.GetProperty("scoringSeconds").GetDouble());
            Assert.IsGreaterThan(0, one.GetProperty("trainingBytes").GetInt64());
        }

        XElement page = HtmlPages.Parse(File.ReadAllText(Path.Combine(Output, "sweep.html")));
        string[] titles = ["time of training", "time of scoring", "parameters", "memory of training"];
        foreach (XElement figure in titles.Select(title => HtmlPages.Figure(page, $"Perplexity against {title}")))
        {
            Assert.HasCount(2, ByClass(figure, "point"), "one for each configuration");
            Assert.HasCount(4, ByClass(figure, "part"), "one for each seed");
            Assert.HasCount(1, ByClass(figure, "front"));
            Assert.HasCount(1, ByClass(figure, "floor"));
            StringAssert.Contains(figure.Value, "floor 2.5");
        }

        Assert.AreSequenceEqual(
            ["softmax-d6", "mos-K2-d6"], page.Descendants("tbody").Elements("tr").Select(row => row.Element("th")!.Value));
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        CollectionAssert.AllItemsAreUnique(ids);
    }

    [TestMethod]
    public void The_table_of_raw_figures_has_a_row_for_each_run()
    {
        JsonElement[] runs = [.. New("--heads", "softmax", "--embedding-sizes", "6", "--rounds", "0", "--json").Succeeded().Json
            .GetProperty("configurations")[0].GetProperty("runs").EnumerateArray()];
        string[][] rows = [.. File.ReadAllLines(Path.Combine(Output, "sweep.tsv")).Select(line => line.Split('\t'))];
        Assert.AreSequenceEqual(["softmax-d6-s1", "softmax-d6-s2"], rows[1..].Select(row => row[0]));
        int perplexity = Array.IndexOf(rows[0], "perplexity");
        Assert.AreSequenceEqual(
            runs.Select(run => run.GetProperty("result").GetProperty("perplexity").GetDouble()),
            rows[1..].Select(row => double.Parse(row[perplexity], CultureInfo.InvariantCulture)));
        Assert.AreEqual("", rows[1][Array.IndexOf(rows[0], "training_bytes")], "not measured");
    }

    [TestMethod]
    public void A_sweep_that_was_stopped_goes_on_to_the_results_of_one_that_was_not()
    {
        string[] sweep = ["--heads", "softmax", "mos", "--experts", "2", "--embedding-sizes", "6", "--seeds", "1", "--rounds", "0", "--epochs", "4"];
        string[] whole = Perplexities(New([.. sweep, "--output", _files["whole"]]).Succeeded());
        using var cancellation = new CancellationTokenSource();
        CommandRun stopped = CommandRun.Of(
            new CancellingWriter(cancellation, "mos-K2-d6-s1: epoch 2/"), cancellation.Token, [.. Command(sweep), "--output", Output]);
        Assert.AreEqual(130, stopped.ExitCode, stopped.Error);
        Assert.IsFalse(File.Exists(Path.Combine(Output, "runs", "mos-K2-d6-s1", "result.json")));
        CommandRun resumed = CommandRun.Of("sweep", "--output", Output, "--rounds", "0", "--contexts", "20", "--json").Succeeded();
        Assert.AreSequenceEqual(whole, Perplexities(resumed));
        StringAssert.Contains(resumed.Error, "run 2 of 2, mos-K2-d6-s1");
        Assert.DoesNotContain("softmax-d6-s1: epoch", resumed.Error);
        StringAssert.Contains(resumed.Error, "mos-K2-d6-s1: Going on from");
    }

    [TestMethod]
    public void A_seed_and_a_head_that_are_added_leave_what_is_there()
    {
        New("--heads", "softmax", "--embedding-sizes", "6", "--seeds", "1", "--rounds", "0").Succeeded();
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(Output, "runs", "softmax-d6-s1", "model.zip"));
        CommandRun.Of("sweep", "--output", Output, "--seeds", "2", "--rounds", "0", "--contexts", "20").Succeeded();
        JsonElement[] configurations =
        [
            .. CommandRun.Of("sweep", "--output", Output, "--heads", "plif", "--rounds", "0", "--contexts", "20", "--json").Succeeded().Json
                .GetProperty("configurations").EnumerateArray(),
        ];
        Assert.AreSequenceEqual(["softmax-d6", "plif-d6"], configurations.Select(one => one.GetProperty("name").GetString()));
        Assert.IsTrue(configurations.All(one => one.GetProperty("runs").GetArrayLength() == 2), "A new head gets all seeds so far.");
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(Path.Combine(Output, "runs", "softmax-d6-s1", "model.zip")));
    }

    [TestMethod]
    public void Options_of_a_head_take_the_place_of_those_of_all_runs_by_any_of_their_names()
    {
        string[] heads = ["softmax", "softmax --epochs 2", "softmax --maximum-epochs=2", "softmax --sequence-length 9"];
        JsonElement[] configurations =
        [
            .. New(["--heads", .. heads, "--embedding-sizes", "6", "--seeds", "1", "--rounds", "0", "--json"]).Succeeded().Json
                .GetProperty("configurations").EnumerateArray(),
        ];
        Assert.AreSequenceEqual(
            ["softmax-d6", "softmax-maximum-epochs-2-d6", "softmax-sequence-length-9-d6"],
            configurations.Select(one => one.GetProperty("name").GetString()));
        JsonElement[] results = [.. configurations.Select(one => one.GetProperty("runs")[0].GetProperty("result"))];
        Assert.AreSequenceEqual([1, 2, 1], results.Select(result => result.GetProperty("epochs").GetInt32()));
        Assert.AreNotEqual(results[0].GetProperty("perplexity").GetDouble(), results[2].GetProperty("perplexity").GetDouble());
    }

    [TestMethod]
    public void Runs_that_would_not_compare_with_those_in_the_folder_are_refused()
    {
        New("--heads", "softmax", "--embedding-sizes", "6", "--seeds", "1", "--rounds", "0").Succeeded();
        CommandRun.Of("sweep", "--output", Output, "--hidden-size", "14", "--word-dropout", "0.5").FailedWith(
            2, "--hidden-size was '12', is '14'", "--word-dropout was not given, is '0.5'");
        CommandRun.Of("sweep", "--output", Output, "--test", _files["valid.txt"]).FailedWith(2, "the text of --test is another one");
        _files.Write("train.txt", "quite another text");
        CommandRun.Of("sweep", "--output", Output).FailedWith(2, "the text of --train is another one");
    }

    [TestMethod]
    public void Options_of_a_new_sweep_that_are_missing_or_wrong_are_named_before_anything_is_trained()
    {
        CommandRun.Of("sweep", "--output", Output, "--train", _files["train.txt"]).FailedWith(2, "--valid", "missing");
        New("--heads", "mixtape", "--experts", "3").FailedWith(2, "--head mixtape", "--experts");
        New("--heads", "mos --no-such-option 3").FailedWith(2, "--no-such-option");
        New("--heads", "mos --unknown-word <a>", "mos --unknown-word (a)").FailedWith(2, "--heads", "twice");
        New("--heads", "mos --max-vocabulary 9").FailedWith(2, "--max-vocabulary decides what the tokens are");
        New("--seeds", "1", "two").FailedWith(2, "--seeds is 'two'; it must be an integer");
        New("--rounds", "-1").FailedWith(2, "--rounds", "-1");
        New("--train", "-").FailedWith(2, "--train", "files");
        Assert.IsFalse(Directory.Exists(Path.Combine(Output, "runs")));
    }

    [TestMethod]
    public void A_run_that_fails_is_shown_with_its_error_and_the_others_go_on()
    {
        CommandRun run = New(
            "--heads", "softmax --learning-rate 1e30", "softmax", "--embedding-sizes", "6", "--seeds", "1", "--rounds", "0", "--json");
        Assert.AreEqual(1, run.ExitCode, run.Error);
        Assert.AreEqual("softmax-learning-rate-1e30-d6-s1", run.Json.GetProperty("failed")[0].GetProperty("name").GetString());
        Assert.AreEqual("softmax-d6", run.Json.GetProperty("configurations")[0].GetProperty("name").GetString());
        StringAssert.Contains(run.ErrorLines[^1], "1 of 2 runs failed");
        XElement page = HtmlPages.Parse(File.ReadAllText(Path.Combine(Output, "sweep.html")));
        StringAssert.Contains(
            page.Descendants("section").Single(section => section.Element("h2")!.Value == "Runs that failed").Value,
            run.Json.GetProperty("failed")[0].GetProperty("error").GetString());
    }

    public void Dispose() => _files.Dispose();

    private CommandRun New(params string[] options) =>
        CommandRun.Of(Command([.. options, .. options.Contains("--output") ? (string[])[] : ["--output", Output]]));

    /// <summary>A new sweep with these options, and others with which a model trains in a moment.</summary>
    private string[] Command(string[] options) =>
    [
        "sweep",
        .. new[] { "train", "valid", "test" }.Where(text => !options.Contains($"--{text}")).SelectMany(
            text => (string[])[$"--{text}", _files[$"{text}.txt"]]),
        .. s_small.Chunk(2).Where(pair => !options.Contains(pair[0])).SelectMany(pair => pair), .. options,
    ];

    private static string[] Perplexities(CommandRun run) =>
    [
        .. File.ReadAllLines(run.ErrorLines.Single(line => line.Contains("the page is")).Split('\'')[1].Replace(".html", ".tsv"))[1..]
            .Select(line => string.Join(' ', line.Split('\t').Take(10))),
    ];

    private static XElement[] ByClass(XElement figure, string name) =>
        [.. figure.Descendants().Where(element => ((string?)element.Attribute("class"))?.Split(' ')[0] == name)];
}
