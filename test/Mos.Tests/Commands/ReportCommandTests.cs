using System.Xml.Linq;
using Mos.Tests.Support;

namespace Mos.Tests.Commands;

/// <summary>The command, from logs to a page or an error.</summary>
[TestClass]
public sealed class ReportCommandTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    public void A_log_that_training_wrote_is_reported_with_its_validations()
    {
        _files.Train("m.zip", "--epochs", "3", "--log-file", _files["run.jsonl"]).Succeeded();
        XElement page = _files.Report(_files["run.jsonl"]);
        Assert.HasCount(3, HtmlPages.Figure(page, "Validation perplexity").Descendants("circle"));
        Assert.AreEqual("3", page.Descendants("tbody").Single().Descendants("td").First().Value);
    }

    [TestMethod]
    public void Values_that_are_not_finite_are_left_out_with_a_note()
    {
        string log = _files.Write(
            "a.jsonl",
            Logs.Line(1000, rate: 1, validation: 50),
            Logs.Line(2000, loss: "\"NaN\"", rate: 1),
            Logs.Line(3000, rate: 1, loss: "1e4"));
        CommandRun run = CommandRun.Of("report", "--run", log, "--output", _files["r.html"]).Succeeded();
        Assert.AreEqual(
            "mos: a: 2 × training perplexity left out: not finite, or not positive on a log scale.", run.ErrorLines.Single());
        XElement page = HtmlPages.Parse(File.ReadAllText(_files["r.html"]));
        Assert.HasCount(1, HtmlPages.Figure(page, "Training perplexity").Descendants("circle"));
        Assert.HasCount(3, HtmlPages.Figure(page, "Learning rate").Descendants("circle"));
        StringAssert.Contains(page.Element("body")!.Element("section")!.Value, "2 × training perplexity");
    }

    [TestMethod]
    public void Bad_logs_fail_with_their_names_and_leave_an_older_page()
    {
        _files.Write("r.html", "older");
        Fail(_files["none.jsonl"], "no file");
        Fail(_files.Write("empty.jsonl"), "no line");
        Fail(_files.Write("text.jsonl", Logs.Line(1000), "", "epoch 1", Logs.Line(2000)), "line 3");
        Fail(_files.Write("other.jsonl", Logs.Line(1000), "{\"epoch\":1}"), "line 2");
        Fail(_files.Write("null.jsonl", "null"), "line 1");
        Assert.AreEqual("older", File.ReadAllText(_files["r.html"]).Trim());

        void Fail(string log, string word) =>
            CommandRun.Of("report", "--run", log, "--output", _files["r.html"]).FailedWith(1, log, word);
    }

    [TestMethod]
    public void Wrong_usage_is_named()
    {
        string log = _files.Write("a.jsonl", Logs.Line(1000));
        CommandRun.Of("report", "--run", log).FailedWith(2, "--output");
        CommandRun.Of("report", "--output", "r.html").FailedWith(2, "--run");
        CommandRun.Of("report", "--run", log, "--run", log, "--output", "r.html").FailedWith(2, "twice");
        CommandRun.Of("report", "--run", log, "--output", log).FailedWith(2, "--output", log);
        CommandRun.Of(["report", "--output", "r.html", "--run", .. Enumerable.Range(0, 31).Select(i => $"{i}.jsonl")])
            .FailedWith(2, "30");
        Assert.AreEqual(Logs.Line(1000), File.ReadAllText(log).Trim());
    }

    public void Dispose() => _files.Dispose();
}
