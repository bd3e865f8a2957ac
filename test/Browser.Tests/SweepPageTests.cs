using System.Text.Json;
using Browser.Tests.Support;
using Microsoft.Playwright;
using Mos.Tests.Support;

namespace Browser.Tests;

/// <summary>The charts of a sweep, as far as it takes a browser to see them.</summary>
[TestClass]
public sealed class SweepPageTests
{
    // Which texts of a chart that can be seen overlap another one, or leave the chart.
    private const string Mishaps = """
        svg => {
          const frame = svg.getBoundingClientRect();
          const texts = [...svg.querySelectorAll("text")].filter(text => getComputedStyle(text).visibility === "visible")
            .map(text => ({ name: `${text.textContent} (${text.getAttribute("class")})`, box: text.getBoundingClientRect() }));
          const apart = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 4 || b.bottom <= a.top + 4;
          return texts.flatMap(({ name, box }, i) => [
            ...(box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1
              ? [`${name} leaves the chart`] : []),
            ...texts.slice(i + 1).filter(other => !apart(box, other.box)).map(other => `${name} and ${other.name}`)]);
        }
        """;

    [TestMethod]
    [DataRow(390)]
    [DataRow(768)]
    [DataRow(1280)]
    public async Task No_text_of_a_chart_hides_another_one_or_is_cut_off(int width)
    {
        await using WatchedPage watched = await OpenAsync(width);
        IReadOnlyList<ILocator> charts = await watched.Page.Locator("figure > svg").AllAsync();
        Assert.HasCount(4, charts);
        foreach (ILocator chart in charts)
        {
            JsonElement mishaps = await chart.EvaluateAsync<JsonElement>(Mishaps);
            Assert.AreEqual(0, mishaps.GetArrayLength(), $"{mishaps}");
            Assert.IsGreaterThan(5, await chart.Locator(".point-label").CountAsync(), "labels of the points");
        }
    }

    [TestMethod]
    [DataRow(390)]
    [DataRow(1280)]
    public async Task The_keyboard_reaches_the_points_and_shows_their_figures_one_at_a_time(int width)
    {
        await using WatchedPage watched = await OpenAsync(width);
        foreach (string label in (string[])["softmax, K 1, d 64:", "softmax, K 1, d 128:"])
        {
            await watched.Page.Keyboard.PressAsync("Tab");
            string[] shown = await watched.Page.EvaluateAsync<string[]>(
                "[...document.querySelectorAll('.tip')].filter(tip => getComputedStyle(tip).visibility === 'visible').map(tip => tip.textContent)");
            Assert.HasCount(1, shown);
            Assert.StartsWith(label, shown[0]);
            JsonElement mishaps = await watched.Page.Locator("figure > svg").First.EvaluateAsync<JsonElement>(Mishaps);
            Assert.AreEqual(0, mishaps.GetArrayLength(), $"{mishaps}");
        }
    }

    private static async Task<WatchedPage> OpenAsync(int width)
    {
        WatchedPage watched = await Chromium.OpenAsync(width);
        await watched.Page.SetContentAsync(SweepSummaries.Page(SweepSummaries.Large));
        return watched;
    }
}
