using System.Globalization;
using System.Xml.Linq;
using Mos.Reports.Runs;
using Mos.Tests.Support;

namespace Mos.Tests.Reports.Pages;

/// <summary>The page as a whole.</summary>
[TestClass]
public sealed class ReportPageTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    public void The_page_names_all_runs_and_tells_their_figures()
    {
        XElement page = _files.Report(
            _files.Write(
                "first.jsonl",
                Logs.Line(1000, epoch: 1, validation: 300),
                Logs.Line(2000, epoch: 2, validation: 123.456),
                Logs.Line(3000, epoch: 3, validation: 140)),
            _files.Write("second <&\"'>.jsonl", Logs.Line(1_234_567, epoch: 7, rate: 0.001)));
        XElement table = page.Descendants("tbody").Single();
        string[][] rows = [.. table.Elements("tr").Select(tr => tr.Elements().Select(td => td.Value).ToArray())];
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
        string html = _files.ReportText(
            _files.Write("a.jsonl", Logs.Line(1000, validation: 90)), _files.Write("b.jsonl", Logs.Line(1000)));
        StringAssert.StartsWith(html, "<!DOCTYPE html>");
        foreach (string reference in (string[])["<script", "<link", "<img", "src=", "href=", "http", "url(", "@import"])
        {
            Assert.DoesNotContain(reference, html);
        }

        XElement page = HtmlPages.Parse(html);
        Assert.DoesNotContain("&", page.Descendants("style").Single().ToString());
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.HasCount(8, ids.Distinct());
        CollectionAssert.AllItemsAreUnique(ids);
        CollectionAssert.AreEquivalent(
            ids, page.Descendants().Attributes("aria-labelledby").SelectMany(a => a.Value.Split(' ')).ToArray());
    }

    [TestMethod]
    public void Numbers_are_the_same_in_every_culture()
    {
        string log = _files.Write("a.jsonl", Logs.Line(1500, validation: 99.5, rate: 0.5), Logs.Line(2500, validation: 88.5));
        string expected = _files.ReportText(log);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat.NumberDecimalSeparator = ",";
            other.NumberFormat.NumberGroupSeparator = ".";
            other.NumberFormat.NegativeSign = "−";
            CultureInfo.CurrentCulture = other;
            Assert.AreEqual(expected, _files.ReportText(log));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void Names_that_a_page_cannot_hold_are_made_printable()
    {
        var run = new LoggedRun("a\u0001\ud800b", Logs.Read(_files.Write("a.jsonl", Logs.Line(1))).Lines, []);
        StringAssert.Contains(HtmlPages.Of(run).ToString(), "a\ufffd\ufffdb");
    }

    public void Dispose() => _files.Dispose();
}
