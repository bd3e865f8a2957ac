using System.Text.Json;
using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Mos.Tests.Support;

namespace Mos.Tests.Commands;

[TestClass]
public sealed class RankCommandTests : IDisposable
{
    private const int D = 4;

    private readonly Workspace _files = new();

    [TestInitialize]
    public void TrainModels()
    {
        foreach (string head in (string[])["softmax", "mos"])
        {
            _files.Train($"{head}.zip", "--head", head, "--embedding-size", $"{D}", "--seed", "1").Succeeded();
        }
    }

    [TestMethod]
    public void The_ranks_of_several_models_stand_in_a_table()
    {
        CommandRun run = Rank("--model", _files["softmax.zip"], _files["mos.zip"]);
        string[] header = Cells(run.OutputLines[0]), softmax = Cells(run.OutputLines[1]), mos = Cells(run.OutputLines[2]);
        Assert.AreEqual("model", header[0]);
        Assert.AreEqual($"{D}", softmax[Array.IndexOf(header, "d")]);
        Assert.AreEqual($"{D + 2}", softmax[Array.IndexOf(header, "rank")]);
        Assert.IsGreaterThan(D + 2, int.Parse(mos[Array.IndexOf(header, "rank")]));
        StringAssert.Contains(run.Error, "softmax: next-word distributions");
        StringAssert.Contains(run.Error, "mos: singular values");

        static string[] Cells(string line) =>
            line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    [TestMethod]
    public void TensorBoard_gets_a_run_for_each_model()
    {
        JsonElement[] models =
        [
            .. Rank("--model", _files["softmax.zip"], _files["mos.zip"], "--tensorboard", _files["runs"], "--json").Json
                .GetProperty("models").EnumerateArray(),
        ];
        foreach (JsonElement model in models)
        {
            JsonElement rank = model.GetProperty("rank");
            var scalars = EventFile.ReadScalars(Path.Combine(_files["runs"], model.GetProperty("name").GetString()!));
            Assert.AreEqual((0, rank.GetProperty("rank").GetInt32()), scalars["rank/rank"].Single());
            CollectionAssert.AreEqual(
                rank.GetProperty("singularValues").EnumerateArray().Select((value, i) => (i + 1L, value.GetSingle())).ToArray(),
                scalars["rank/singular_value"]);
        }
    }

    [TestMethod]
    public void Json_has_the_figures_and_the_singular_values()
    {
        JsonElement model = Rank("--model", _files["softmax.zip"], "--contexts", "64", "--json").Json.GetProperty("models")[0];
        JsonElement rank = model.GetProperty("rank");
        Assert.AreEqual("softmax", model.GetProperty("name").GetString());
        Assert.AreEqual("softmax", rank.GetProperty("head").GetString());
        Assert.AreEqual(64, rank.GetProperty("contextCount").GetInt32());
        double threshold = rank.GetProperty("threshold").GetDouble();
        double[] values = [.. rank.GetProperty("singularValues").EnumerateArray().Select(value => value.GetDouble())];
        Assert.HasCount(Workspace.Words.Count + 2, values);
        Assert.AreEqual(D + 2, values.Count(value => value > threshold));
        Assert.AreEqual(D + 2, rank.GetProperty("rank").GetInt32());
    }

    [TestMethod]
    public void The_page_has_a_spectrum_of_each_model()
    {
        string page = _files["rank.html"];
        Rank("--model", _files["softmax.zip"], _files["mos.zip"], "--output", page);
        XElement root = XDocument.Parse(File.ReadAllText(page)).Root!;
        CollectionAssert.AreEqual(
            new[] { "softmax", "mos", "round-off in float32", "round-off in float64" },
            root.Descendants("figcaption").First().Elements("span").Select(span => span.Value).ToArray());
        Assert.HasCount(4, root.Descendants("figure").First().Descendants("g").Elements("path"));
        Assert.HasCount(2, root.Descendants("tbody").First().Elements("tr"));
    }

    [TestMethod]
    public void The_priors_of_mixtures_stand_in_a_table_of_their_own_in_json_and_on_the_page()
    {
        string page = _files["priors.html"];
        CommandRun run = Rank("--model", _files["softmax.zip"], _files["mos.zip"], "--output", page);
        int start = Array.FindIndex([.. run.OutputLines], line => line.StartsWith("priors ", StringComparison.Ordinal));
        StringAssert.Contains(run.OutputLines[start], "for 99.9 %");
        string[] mos = run.OutputLines[start + 1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(start + 2, run.OutputLines, "softmax has no priors");

        JsonElement models = Rank("--model", _files["softmax.zip"], _files["mos.zip"], "--json").Json.GetProperty("models");
        Assert.AreEqual(JsonValueKind.Null, models[0].GetProperty("rank").GetProperty("priors").ValueKind);
        JsonElement priors = models[1].GetProperty("rank").GetProperty("priors");
        double[] sorted = [.. priors.GetProperty("sorted").EnumerateArray().Select(prior => prior.GetDouble())];
        Assert.AreEqual(1, sorted.Sum(), 1e-9);
        string[] needed = [.. priors.GetProperty("needed").EnumerateArray().Select(needed => Text(needed.GetProperty("mean"), "N1"))];
        string[] largest = [.. sorted.Select(prior => prior.ToString("0.000")), "–"];
        CollectionAssert.AreEqual((string[])["mos", $"{sorted.Length}", .. largest[..3], .. needed], mos);

        XElement root = XDocument.Parse(File.ReadAllText(page)).Root!;
        Assert.AreEqual("mos", root.Descendants("figcaption").ElementAt(1).Value);
        CollectionAssert.IsSubsetOf(mos, root.Descendants("tbody").ElementAt(1).Descendants().Select(cell => cell.Value).ToArray());

        static string Text(JsonElement number, string format) => number.GetDouble().ToString(format);
    }

    [TestMethod]
    public void Bad_input_fails_with_what_to_change()
    {
        string model = _files["softmax.zip"], data = _files["valid.txt"];
        CommandRun.Of("rank", "--model", model, model, "--data", data).FailedWith(2, "--model", "twice");
        CommandRun.Of("rank", "--model", model, "--data", data, "--output", Path.GetDirectoryName(data)!).FailedWith(1, "folder");
        CommandRun.Of("rank", "--model", _files["none.zip"], "--data", data).FailedWith(1, _files["none.zip"]);
        CommandRun few = CommandRun.Of("rank", "--model", model, "--data", data, "--contexts", "5");
        Assert.AreEqual(1, few.ExitCode);
        StringAssert.Contains(few.Error, "raise Contexts");
        CommandRun.Of("rank", "--model", model, "--data", data, "--contexts", "0").FailedWith(1, "Contexts is 0");
    }

    public void Dispose() => _files.Dispose();

    private CommandRun Rank(params string[] options) =>
        CommandRun.Of(["rank", "--data", _files["valid.txt"], .. options]).Succeeded();
}
