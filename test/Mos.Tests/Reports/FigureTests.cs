using System.Xml.Linq;
using Mos.Reports;

namespace Mos.Tests.Reports;

/// <summary>What is drawn of runs, and where.</summary>
[TestClass]
public sealed class FigureTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    public void Points_lie_where_the_axes_say_and_the_path_joins_them()
    {
        // Tokens 0 to 1000 over 58 to 464, so 500 is at 261; rates 0 to 20 over 252 up to 30, so 5 is at 252 - 222 / 4 = 196.5.
        Run run = Logs.Read(_files.Write("a.jsonl", Logs.Line(0, rate: 20), Logs.Line(500, rate: 5), Logs.Line(1000, rate: 10)));
        XElement figure = Pages.Figure(Pages.Of(run), "Learning rate");
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
        Run run = Logs.Read(_files.Write("a.jsonl", Logs.Line(0, validation: 800), Logs.Line(500, validation: 200), Logs.Line(1000, validation: 50)));
        XElement figure = Pages.Figure(Pages.Of(run), "Validation perplexity");
        double[] y = [.. figure.Descendants("circle").SelectMany(c => Pages.Values(c.Attribute("cy")!.Value))];
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

    public void Dispose() => _files.Dispose();
}
