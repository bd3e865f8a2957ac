using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Browser.Tests.Support;
using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>The service's page in a browser.</summary>
[TestClass]
public sealed class TrialPageTests
{
    private const string Text = "the cat sat on unheard mat";

    private static TriedService s_service = null!;

    [ClassInitialize]
    public static async Task StartService(TestContext context) => s_service = await TriedService.StartAsync();

    [ClassCleanup]
    public static async Task StopService() => await s_service.DisposeAsync();

    [TestMethod]
    [DataRow(390, ColorScheme.Light)]
    [DataRow(390, ColorScheme.Dark)]
    [DataRow(1280, ColorScheme.Light)]
    [DataRow(1280, ColorScheme.Dark)]
    public async Task Words_are_shown_with_their_surprisal_and_can_be_read_everywhere(int width, ColorScheme scheme)
    {
        await using WatchedPage watched = await ScoreAsync(width, scheme);
        IPage page = watched.Page;
        float[] logProbs = await LogProbsAsync();
        double bits = -logProbs.Sum(logP => logP) / Math.Log(2);
        Assert.AreEqual(bits, await NumberAsync(page, "#bits"), 0.051);
        Assert.AreEqual(Math.Pow(2, bits / 6), await NumberAsync(page, "#perplexity"), 0.0051);
        Assert.AreSequenceEqual(["the", " cat", " sat", " on", " unheard", " mat"], await page.Locator("#words button").AllTextContentsAsync());
        Assert.AreEqual(1, await page.Locator("#words .unknown").CountAsync());
        await page.Locator("#words button").Nth(3).FocusAsync();
        await page.ClickAsync("#continue");
        await page.WaitForSelectorAsync("#continuation:not([hidden])");
        await Assertions.Expect(page.Locator("#status")).ToBeEmptyAsync();
        await watched.AssertSoundAsync();
        Assert.IsTrue(watched.Requests.All(request => request.StartsWith(s_service.Address, StringComparison.Ordinal) || request == "data:,"));
    }

    [TestMethod]
    public async Task Colours_grow_with_the_surprisal()
    {
        await using WatchedPage watched = await ScoreAsync();
        ILocator words = watched.Page.Locator("#words button");
        string[] shares = await words.EvaluateAllAsync<string[]>("all => all.map(word => word.style.getPropertyValue('--s'))");
        foreach ((float logP, string share) in (await LogProbsAsync()).Zip(shares))
        {
            Assert.AreEqual(Math.Min(1, -logP / Math.Log(2) / 17), double.Parse(share, CultureInfo.InvariantCulture), 1e-5);
        }

        string[] colours = await words.EvaluateAllAsync<string[]>("all => all.map(word => getComputedStyle(word).backgroundColor)");
        Assert.IsGreaterThan(1, colours.Distinct().Count());
    }

    [TestMethod]
    public async Task Keys_go_from_word_to_word_and_tell_what_was_expected()
    {
        await using WatchedPage watched = await ScoreAsync();
        IPage page = watched.Page;
        await page.FocusAsync("#temperature");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.AreEqual(" cat", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        Assert.StartsWith("\u2423cat: ", await page.TextContentAsync("#detail-heading"));
        Assert.IsInRange(5, 6, await page.Locator("#alternatives tr").CountAsync());
        string[] bits = [.. await page.Locator("#alternatives td:last-child").AllTextContentsAsync()];
        Assert.AreSequenceEqual(bits.Select(Parse).Order(), bits.Select(Parse), "The likeliest first.");
        Assert.AreEqual("\u2423cat", await page.TextContentAsync("#alternatives .chosen td"));

        await page.Keyboard.PressAsync("End");
        Assert.AreEqual(" mat", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.AreEqual(" mat", await page.EvaluateAsync<string>("document.activeElement.textContent"), "There is no further word.");
        Assert.AreEqual(1, await page.Locator("#words button[tabindex='0']").CountAsync());
    }

    [TestMethod]
    public async Task Pointing_at_a_word_tells_what_was_expected()
    {
        await using WatchedPage watched = await ScoreAsync();
        await watched.Page.Locator("#words button").Nth(4).HoverAsync();
        Assert.StartsWith("\u2423<unk>: ", await watched.Page.TextContentAsync("#detail-heading"));
    }

    [TestMethod]
    public async Task A_continuation_is_the_services_own()
    {
        await using WatchedPage watched = await ScoreAsync();
        await watched.Page.FillAsync("#temperature", "0");
        await watched.Page.FillAsync("#count", "7");
        await watched.Page.ClickAsync("#continue");
        JsonNode choice = await CompleteAsync(new { prompt = Text, temperature = 0, max_tokens = 7 });
        await Assertions.Expect(watched.Page.Locator("#continued")).ToHaveTextAsync(((string)choice["text"]!).Trim());
        Assert.IsEmpty(watched.Errors);
    }

    [TestMethod]
    public async Task What_the_service_refuses_is_told()
    {
        await using WatchedPage watched = await ScoreAsync();
        await watched.Page.FillAsync("#temperature", "9");
        await watched.Page.ClickAsync("#continue");
        await Assertions.Expect(watched.Page.Locator("#status")).ToContainTextAsync("temperature is 9; it must be a number from 0 to 2");
    }

    [TestMethod]
    public async Task On_paper_the_words_stand_without_the_form()
    {
        await using WatchedPage watched = await ScoreAsync(794, ColorScheme.Dark);
        await watched.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.IsFalse(await watched.Page.IsVisibleAsync("#form"));
        Assert.IsTrue(await watched.Page.IsVisibleAsync("#words"));
        await watched.AssertSoundAsync();
    }

    [TestMethod]
    public async Task Scripts_that_are_not_the_pages_own_do_not_run()
    {
        await using WatchedPage watched = await ScoreAsync();
        bool ran = await watched.Page.EvaluateAsync<bool>("""
            () => {
              const script = document.createElement("script");
              script.textContent = "window.ran = true";
              document.body.append(script);
              return !!window.ran;
            }
            """);
        Assert.IsFalse(ran);
    }

    private static async Task<WatchedPage> ScoreAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        WatchedPage watched = await Chromium.OpenAsync(width, scheme);
        await watched.Page.GotoAsync(s_service.Address);
        await watched.Page.FillAsync("#text", Text);
        await watched.Page.FocusAsync("#text");
        await watched.Page.Keyboard.PressAsync("Control+Enter");
        await watched.Page.WaitForSelectorAsync("#result:not([hidden])");
        return watched;
    }

    private static async Task<float[]> LogProbsAsync()
    {
        JsonNode choice = await CompleteAsync(new { prompt = Text, echo = true, logprobs = 0, max_tokens = 0 });
        return [.. choice["logprobs"]!["token_logprobs"]!.AsArray().Select(logP => (float)logP!)];
    }

    private static async Task<JsonNode> CompleteAsync(object body)
    {
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.PostAsJsonAsync(s_service.Address + "v1/completions", body);
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!["choices"]![0]!;
    }

    private static async Task<double> NumberAsync(IPage page, string selector) => Parse((await page.TextContentAsync(selector))!);

    private static double Parse(string number) => double.Parse(Regex.Replace(number, "[^0-9.]", ""), CultureInfo.InvariantCulture);
}
