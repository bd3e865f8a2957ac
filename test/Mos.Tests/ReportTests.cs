using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using Mos.Reports;

namespace Mos.Tests;

[TestClass]
public sealed class ReportTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    [DataRow(0, 10, "0 2 4 6 8 10")]
    [DataRow(0, 1, "0 0.2 0.4 0.6 0.8 1")]
    [DataRow(0, 0.3, "0 0.1 0.2 0.3")]
    [DataRow(0, 929589, "0 200000 400000 600000 800000")]
    [DataRow(-3, 4, "-2 0 2 4")]
    [DataRow(101, 139, "110 120 130")]
    public void Linear_ticks_are_the_densest_round_values_of_at_most_six(double minimum, double maximum, string expected) =>
        CollectionAssert.AreEqual(Values(expected), Ticks.Linear(minimum, maximum, 6).ToArray());

    [TestMethod]
    [DataRow(60, 900, "100 200 500")]
    [DataRow(50, 9800, "100 300 1000 3000")]
    [DataRow(0.5, 60000, "1 10 100 1000 10000")]
    [DataRow(60, 130, "60 80 100 120")]
    [DataRow(0.5, 2e12, "1 1e5 1e10")]
    public void Logarithmic_ticks_are_round_and_alike_in_every_power_of_ten(double minimum, double maximum, string expected) =>
        CollectionAssert.AreEqual(Values(expected), Ticks.Logarithmic(minimum, maximum, 6).ToArray());

    [TestMethod]
    public void Labels_of_ticks_are_short_and_tell_all_digits()
    {
        CollectionAssert.AreEqual(new[] { "0", "500k", "1M", "1.5M" }, Numbers.Ticks([0, 500e3, 1e6, 1.5e6]).ToArray());
        CollectionAssert.AreEqual(new[] { "300", "1k", "3k" }, Numbers.Ticks([300, 1000, 3000]).ToArray());
        CollectionAssert.AreEqual(new[] { "0", "0.05", "0.1" }, Numbers.Ticks([0, 0.05, 0.1]).ToArray());
        CollectionAssert.AreEqual(new[] { "0", "5e-4", "1e-3", "1.5e-3" }, Numbers.Ticks([0, 0.0005, 0.001, 0.0015]).ToArray());
    }

    [TestMethod]
    public void A_logarithmic_scale_gives_equal_factors_equal_lengths()
    {
        var scale = new LogarithmicScale(10, 1000);
        Assert.AreEqual(0.5, scale.Share(100), 1e-12);
        Assert.AreEqual(1.0 / 4, scale.Share(Math.Sqrt(1000)), 1e-12);
    }

    [TestMethod]
    public void Points_lie_where_the_axes_say_and_the_path_joins_them()
    {
        // Tokens 0 to 1000 over 58 to 464, so 500 is at 261; rates 0 to 20 over 252 up to 30, so 5 is at 252 - 222 / 4 = 196.5.
        Run run = Read(Write("a.jsonl", Line(0, rate: 20), Line(500, rate: 5), Line(1000, rate: 10)));
        XElement figure = Figure(Page(run), "Learning rate");
        Assert.AreEqual("M58,30L261,196.5L464,141", figure.Descendants("path").First().Attribute("d")!.Value);
        CollectionAssert.AreEqual(new[] { "58,30", "261,196.5", "464,141" }, figure.Descendants("circle")
            .Select(c => $"{c.Attribute("cx")!.Value},{c.Attribute("cy")!.Value}").ToArray());
        string[] labels = [.. figure.Descendants("text").Select(t => t.Value)];
        CollectionAssert.IsSubsetOf(
            new[] { "0", "200", "400", "600", "800", "1k", "5", "10", "15", "20", "tokens trained on", "learning rate" }, labels);
    }

    [TestMethod]
    public void Perplexity_is_drawn_on_a_logarithmic_axis()
    {
        // The middle value is the geometric mean of the others, so its point is halfway.
        Run run = Read(Write("a.jsonl", Line(0, validation: 800), Line(500, validation: 200), Line(1000, validation: 50)));
        double[] y = [.. Figure(Page(run), "Validation perplexity").Descendants("circle").SelectMany(c => Values(c.Attribute("cy")!.Value))];
        Assert.AreEqual((30 + 252) / 2.0, y[1], 0.05);
        Assert.AreEqual(252 - (222 * 0.04 / 1.08), y[2], 0.06);
    }

    [TestMethod]
    public void Many_points_are_thinned_without_losing_the_ends_and_the_extremes()
    {
        var frame = new Frame(0, 0, 10, 100, new LinearScale(0, 10), new LinearScale(0, 100));
        Point[] points = [.. Enumerable.Range(0, 10_001).Select(i => new Point(i / 1000.0, i == 5432 ? 100 : i == 7777 ? 0 : 50))];
        IReadOnlyList<Point> placed = frame.Place(points);
        Assert.IsLessThanOrEqualTo(4 * 11, placed.Count);
        Assert.AreEqual(new Point(0, 50), placed[0]);
        Assert.AreEqual(new Point(10, 50), placed[^1]);
        Assert.AreEqual(5.432, placed.Single(p => p.Y == 0).X, 1e-9);
        Assert.AreEqual(7.777, placed.Single(p => p.Y == 100).X, 1e-9);
        CollectionAssert.AreEqual(placed.OrderBy(p => p.X).ToArray(), placed.ToArray());
    }

    [TestMethod]
    public void The_page_names_all_runs_and_tells_their_figures()
    {
        XElement page = Report(
            Write("first.jsonl", Line(1000, epoch: 1, validation: 300), Line(2000, epoch: 2, validation: 123.456), Line(3000, 3, 140)),
            Write("second <&\"'>.jsonl", Line(1_234_567, epoch: 7, rate: 0.001)));
        string[][] rows = [.. page.Descendants("tbody").Single().Elements("tr").Select(tr => tr.Elements().Select(td => td.Value).ToArray())];
        Assert.AreEqual("first|3|3,000|0:00:30|100|123.46|2|20", string.Join('|', rows[0]));
        Assert.AreEqual("second <&\"'>|7|1,234,567|3:25:46|100|–|–|0.001", string.Join('|', rows[1]));
        foreach (XElement figure in page.Descendants("figure"))
        {
            bool isValidation = figure.Element("h2")!.Value == "Validation perplexity";
            string[] legend = [.. figure.Element("figcaption")!.Elements("span").Select(span => span.Value)];
            CollectionAssert.AreEqual(isValidation ? ["first"] : new[] { "first", "second <&\"'>" }, legend);
            StringAssert.Contains(figure.Descendants("desc").Single().Value, "first: from ");
        }
    }

    [TestMethod]
    public void The_page_stands_alone()
    {
        string html = ReportText(Write("a.jsonl", Line(1000, validation: 90)), Write("b.jsonl", Line(1000)));
        StringAssert.StartsWith(html, "<!DOCTYPE html>");
        foreach (string reference in (string[])["<script", "<link", "<img", "src=", "href=", "http", "url(", "@import"])
        {
            Assert.DoesNotContain(reference, html);
        }

        XElement page = Parse(html);
        Assert.DoesNotContain("&", page.Descendants("style").Single().ToString());
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.HasCount(8, ids.Distinct());
        CollectionAssert.AllItemsAreUnique(ids);
        CollectionAssert.AreEquivalent(ids, page.Descendants().Attributes("aria-labelledby").SelectMany(a => a.Value.Split(' ')).ToArray());
    }

    [TestMethod]
    public void Runs_differ_in_colour_and_dashes()
    {
        RunStyle[] styles = [.. Enumerable.Range(0, RunStyle.Count).Select(RunStyle.Of)];
        CollectionAssert.AllItemsAreUnique(styles);
        Assert.HasCount(5, styles[..5].Select(s => s.Dashes).Distinct());
        Assert.HasCount(5, styles[..5].Select(s => s.Colour).Distinct());
        foreach (RunStyle style in styles)
        {
            StringAssert.Contains(PageStyle.Sheet, $".{style.Colour} {{");
        }
    }

    [TestMethod]
    public void Numbers_are_the_same_in_every_culture()
    {
        string log = Write("a.jsonl", Line(1500, validation: 99.5, rate: 0.5), Line(2500, validation: 88.5));
        string expected = ReportText(log);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NumberGroupSeparator, other.NumberFormat.NegativeSign) =
                (",", ".", "−");
            CultureInfo.CurrentCulture = other;
            Assert.AreEqual(expected, ReportText(log));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void A_log_that_training_wrote_is_reported_with_its_validations()
    {
        _files.Train("m.zip", "--epochs", "3", "--log-file", _files["run.jsonl"]).Succeeded();
        XElement page = Report(_files["run.jsonl"]);
        Assert.HasCount(3, Figure(page, "Validation perplexity").Descendants("circle"));
        Assert.AreEqual("3", page.Descendants("tbody").Single().Descendants("td").First().Value);
    }

    [TestMethod]
    public void A_log_still_being_written_is_read()
    {
        string log = Write("a.jsonl", Line(1000));
        using var writer = new StreamWriter(log, append: true);
        CommandRun.Of("report", "--run", log, "--output", _files["r.html"]).Succeeded();
    }

    [TestMethod]
    public void A_resumed_run_goes_on_and_the_steps_it_did_again_count_once()
    {
        Run run = Read(Write("a.jsonl", Line(1000, rate: 1), Line(2000, rate: 2), Line(3000, rate: 3), Line(1500, rate: 4), Line(2500, rate: 5)));
        CollectionAssert.AreEqual(new[] { 1.0, 4, 5 }, run.Lines.Select(line => line.LearningRate).ToArray());
        StringAssert.Contains(run.Notes.Single(), "2 lines left out where the run went back from 3,000 to 1,500 tokens");
    }

    [TestMethod]
    public void A_validation_stays_beside_the_step_before_it() =>
        Assert.HasCount(2, Read(Write("a.jsonl", Line(1000), Line(1000, validation: 90))).Lines);

    [TestMethod]
    public void Epochs_of_fine_tuning_are_numbered_after_those_before()
    {
        Run run = Read(Write("a.jsonl", Line(1, 1, 300), Line(2, 2, 200), Line(3, 1, 100), Line(4, 2, 150)));
        Assert.AreEqual(3, run.Best!.Epoch);
        Assert.AreEqual(4, run.Last.Epoch);
    }

    [TestMethod]
    public void Values_that_are_not_finite_are_left_out_with_a_note()
    {
        string log = Write("a.jsonl", Line(1000, rate: 1, validation: 50), Line(2000, loss: "\"NaN\"", rate: 1), Line(3000, rate: 1, loss: "1e4"));
        CommandRun run = CommandRun.Of("report", "--run", log, "--output", _files["r.html"]).Succeeded();
        Assert.AreEqual("mos: a: 2 × training perplexity left out: not finite, or not positive on a log scale.", run.ErrorLines.Single());
        XElement page = Parse(File.ReadAllText(_files["r.html"]));
        Assert.HasCount(1, Figure(page, "Training perplexity").Descendants("circle"));
        Assert.HasCount(3, Figure(page, "Learning rate").Descendants("circle"));
        StringAssert.Contains(page.Element("body")!.Element("section")!.Value, "2 × training perplexity");
    }

    [TestMethod]
    public void A_last_line_cut_off_is_left_out_with_a_note_wherever_it_is_cut()
    {
        string whole = Line(1000) + "\n", last = Line(2000);
        for (int length = 1; length < last.Length; length += 7)
        {
            File.WriteAllText(_files["a.jsonl"], whole + last[..length]);
            Run run = Read(_files["a.jsonl"]);
            Assert.HasCount(1, run.Lines);
            StringAssert.Contains(run.Notes.Single(), "line 2, the last, is cut off");
        }

        File.WriteAllText(_files["a.jsonl"], whole + last);
        Assert.HasCount(2, Read(_files["a.jsonl"]).Lines);
    }

    [TestMethod]
    public void A_line_cut_off_before_a_resumed_run_went_on_is_left_out_with_a_note()
    {
        Run run = Read(Write("a.jsonl", Line(1000), Line(2000)[..40] + Line(1500), Line(2500)));
        CollectionAssert.AreEqual(new long[] { 1000, 1500, 2500 }, run.Lines.Select(line => line.Tokens).ToArray());
        StringAssert.Contains(run.Notes.Single(), "line 2 ");
    }

    [TestMethod]
    public void Bad_logs_fail_with_their_names_and_leave_an_older_page()
    {
        _files.Write("r.html", "older");
        Fail(_files["none.jsonl"], "no file");
        Fail(Write("empty.jsonl"), "no line");
        Fail(Write("text.jsonl", Line(1000), "", "epoch 1", Line(2000)), "line 3");
        Fail(Write("other.jsonl", Line(1000), "{\"epoch\":1}"), "line 2");
        Fail(Write("null.jsonl", "null"), "line 1");
        Assert.AreEqual("older", File.ReadAllText(_files["r.html"]).Trim());

        void Fail(string log, string word) =>
            CommandRun.Of("report", "--run", log, "--output", _files["r.html"]).FailedWith(1, log, word);
    }

    [TestMethod]
    public void Wrong_usage_is_named()
    {
        string log = Write("a.jsonl", Line(1000));
        CommandRun.Of("report", "--run", log).FailedWith(2, "--output");
        CommandRun.Of("report", "--output", "r.html").FailedWith(2, "--run");
        CommandRun.Of("report", "--run", log, "--run", log, "--output", "r.html").FailedWith(2, "twice");
        CommandRun.Of("report", "--run", log, "--output", log).FailedWith(2, "--output", log);
        CommandRun.Of(["report", "--output", "r.html", "--run", .. Enumerable.Range(0, 31).Select(i => $"{i}.jsonl")]).FailedWith(2, "30");
        Assert.AreEqual(Line(1000), File.ReadAllText(log).Trim());
    }

    [TestMethod]
    public void Logs_of_one_name_in_several_folders_go_by_their_paths()
    {
        Directory.CreateDirectory(_files["x"]);
        string[] logs = [Write("a.jsonl", Line(1)), Write("x/a.jsonl", Line(1)), Write("b.jsonl", Line(1))];
        CollectionAssert.AreEqual(new[] { logs[0], logs[1], "b" }, RunLog.ReadAll(logs).Select(run => run.Name).ToArray());
    }

    [TestMethod]
    public void Names_that_a_page_cannot_hold_are_made_printable()
    {
        var run = new Run("a\u0001\ud800b", Read(Write("a.jsonl", Line(1))).Lines, []);
        StringAssert.Contains(Page(run).ToString(), "a\ufffd\ufffdb");
    }

    public void Dispose() => _files.Dispose();

    /// <summary>A line as the trainer writes it, at 100 tokens a second.</summary>
    private static string Line(long tokens, int epoch = 1, double? validation = null, double rate = 20, string loss = "5.5")
    {
        string time = TimeSpan.FromSeconds(tokens / 100.0).ToString("c");
        return "{\"epoch\":" + epoch + ",\"maximumEpochs\":40,\"step\":1,\"stepsPerEpoch\":9,\"tokens\":" + tokens + ",\"loss\":" + loss +
            FormattableString.Invariant($",\"validationPerplexity\":{(validation is double v ? v : "null")},\"learningRate\":{rate}") +
            ",\"tokensPerSecond\":100,\"elapsed\":\"" + time + "\",\"remaining\":\"01:00:00\",\"perplexity\":244.69,\"isEpochEnd\":false}";
    }

    private static double[] Values(string numbers) =>
        [.. numbers.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    private static Run Read(string log) => RunLog.ReadAll([log]).Single();

    private static XElement Figure(XElement page, string title) => page.Descendants("figure").Single(f => f.Element("h2")!.Value == title);

    private static XElement Page(Run run)
    {
        var writer = new StringWriter();
        ReportPage.Write(writer, [run]);
        return Parse(writer.ToString());
    }

    private static XElement Parse(string html) => XDocument.Parse(html).Root!;

    private string Write(string name, params string[] lines) => _files.Write(name, lines);

    private string ReportText(params string[] logs)
    {
        CommandRun.Of(["report", "--run", .. logs, "--output", _files["r.html"]]).Succeeded();
        return File.ReadAllText(_files["r.html"]);
    }

    private XElement Report(params string[] logs) => Parse(ReportText(logs));
}
