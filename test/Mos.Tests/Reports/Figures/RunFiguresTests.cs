using System.Xml.Linq;
using Mos.Reports.Runs;
using Mos.Tests.Support;

namespace Mos.Tests.Reports.Figures;

/// <summary>The charts of training runs.</summary>
[TestClass]
public sealed class RunFiguresTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    public void Points_lie_where_the_axes_say_and_the_path_joins_them()
    {
        // x: tokens 0 to 1000 lie at 58 to 464, so 500 at 261. y: rates 0 to 20 lie at 252 to 30, so 5 at 252 - 222 / 4 = 196.5.
        LoggedRun run = Logs.Read(_files.Write(
            "a.jsonl", Logs.Line(0, rate: 20), Logs.Line(500, rate: 5), Logs.Line(1000, rate: 10)));
        XElement figure = HtmlPages.Figure(HtmlPages.Of(run), "Learning rate");
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
        LoggedRun run = Logs.Read(_files.Write(
            "a.jsonl", Logs.Line(0, validation: 800), Logs.Line(500, validation: 200), Logs.Line(1000, validation: 50)));
        XElement figure = HtmlPages.Figure(HtmlPages.Of(run), "Validation perplexity");
        double[] y = [.. figure.Descendants("circle").SelectMany(c => HtmlPages.Values(c.Attribute("cy")!.Value))];
        Assert.AreEqual((30 + 252) / 2.0, y[1], 0.05);
        Assert.AreEqual(252 - (222 * 0.04 / 1.08), y[2], 0.06);
    }

    public void Dispose() => _files.Dispose();
}
