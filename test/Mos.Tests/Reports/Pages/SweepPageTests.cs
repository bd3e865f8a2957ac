using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Mos.Sweeps;
using Mos.Tests.Support;

namespace Mos.Tests.Reports.Pages;

[TestClass]
public sealed partial class SweepPageTests
{
    // Dearer and worse than the second one, the third is on no front.
    private static readonly SweepSummary s_three = SweepSummaries.Of(
        floor: null,
        [
            SweepSummaries.Configuration("softmax", 1, 64, perplexity: 100, seconds: 0.1),
            SweepSummaries.Configuration("mos", 5, 64, perplexity: 80, seconds: 0.4),
            SweepSummaries.Configuration("moc", 5, 64, perplexity: 90, seconds: 0.5),
        ]);

    [TestMethod]
    public void The_stairs_go_through_the_points_of_the_front_alone()
    {
        XElement figure = HtmlPages.Figure(HtmlPages.Parse(SweepSummaries.Page(s_three)), "Perplexity against time of training");
        string[] points = [.. ByClass(figure, "point").Descendants("path").Select(path => Numbers(path.Attribute("transform")!.Value))];
        string[] stairs =
        [
            .. Stair().Matches(ByClass(figure, "front").Single().Attribute("d")!.Value)
                .Select(match => $"{match.Groups["x"].Value} {match.Groups["y"].Value}"),
        ];
        Assert.AreSequenceEqual([points[0], points[1]], stairs);
    }

    [TestMethod]
    public void A_point_can_be_reached_and_says_what_it_is()
    {
        XElement figure = HtmlPages.Figure(HtmlPages.Parse(SweepSummaries.Page(s_three)), "Perplexity against parameters");
        XElement mos = ByClass(figure, "point").ElementAt(1);
        Assert.AreEqual("0", mos.Attribute("tabindex")!.Value);
        Assert.AreEqual("mos, K 5, d 64: 80.00 at 720k", mos.Attribute("aria-label")!.Value);
        Assert.AreEqual(mos.Attribute("aria-label")!.Value, ByClass(mos, "tip").Single().Value);
    }

    [TestMethod]
    public void The_table_says_on_which_fronts_a_configuration_is()
    {
        XElement page = HtmlPages.Parse(SweepSummaries.Page(s_three));
        Assert.AreSequenceEqual(
            ["training, scoring, parameters, memory", "training, scoring, parameters, memory", "–"],
            page.Descendants("tbody").Elements("tr").Select(row => row.Elements("td").Last().Value));
    }

    [TestMethod]
    public void A_perplexity_that_is_no_number_is_in_the_table_and_has_no_place_in_a_chart()
    {
        XElement page = HtmlPages.Parse(SweepSummaries.Page(SweepSummaries.Of(
            floor: null,
            [s_three.Configurations[0], SweepSummaries.Configuration("mos", 5, 64, double.PositiveInfinity, 0.4)])));
        Assert.HasCount(4, ByClass(page, "point"));
        StringAssert.Contains(page.Descendants("tbody").Single().Value, "Infinity");
    }

    [TestMethod]
    public void Before_the_measurement_two_charts_say_that_there_is_nothing_yet()
    {
        XElement page = HtmlPages.Parse(SweepSummaries.Page(s_three with
        {
            Rounds = 0,
            Configurations =
            [
                .. s_three.Configurations.Select(one => one with { TrainingSeconds = null, ScoringSeconds = null, TrainingBytes = null }),
            ],
        }));
        Assert.HasCount(1, page.Descendants("figure").Descendants("svg").Where(svg => svg.Attribute("role")?.Value == "group"));
        StringAssert.Contains(page.Value, "Times and memory have not been measured yet.");
    }

    [TestMethod]
    public void Without_any_result_the_page_says_so()
    {
        XElement page = HtmlPages.Parse(SweepSummaries.Page(new(null, 4, 0, [], [new("a", "it broke")])));
        StringAssert.Contains(page.Value, "0 of 4 runs are done.");
        StringAssert.Contains(page.Value, "a: it broke");
    }

    private static IEnumerable<XElement> ByClass(XElement within, string name) =>
        within.Descendants().Where(element => ((string?)element.Attribute("class"))?.Split(' ')[0] == name);

    private static string Numbers(string transform) => string.Join(
        ' ', Number().Matches(transform).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"V(?<y>[0-9.]+)H(?<x>[0-9.]+)(?=V|H)")]
    private static partial Regex Stair();

    [GeneratedRegex("[0-9.]+")]
    private static partial Regex Number();
}
