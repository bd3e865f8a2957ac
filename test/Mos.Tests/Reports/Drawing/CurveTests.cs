using Mos.Reports.Drawing;
using Mos.Reports.Pages;

namespace Mos.Tests.Reports.Drawing;

/// <summary>The points of curves in a drawing, and how curves are told apart.</summary>
[TestClass]
public sealed class CurveTests
{
    [TestMethod]
    public void Many_points_are_thinned_without_losing_the_ends_and_the_extremes()
    {
        var frame = new Frame(0, 0, 10, 100, new LinearScale(0, 10), new LinearScale(0, 100));
        Point[] points =
            [.. Enumerable.Range(0, 10_001).Select(i => new Point(i / 1000.0, i == 5432 ? 100 : i == 7777 ? 0 : 50))];
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
        CurveStyle[] styles = [.. Enumerable.Range(0, CurveStyle.Count).Select(CurveStyle.Of)];
        CollectionAssert.AllItemsAreUnique(styles);
        Assert.HasCount(5, styles[..5].Select(s => s.Dashes).Distinct());
        Assert.HasCount(5, styles[..5].Select(s => s.Colour).Distinct());
        foreach (CurveStyle style in styles)
        {
            StringAssert.Contains(PageStyle.Sheet, $".{style.Colour} {{");
        }
    }
}
