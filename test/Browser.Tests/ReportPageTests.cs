using Browser.Tests.Support;
using Microsoft.Playwright;
using Mos.Tests.Support;

namespace Browser.Tests;

/// <summary>The pages of 'mos report', 'mos compare' and 'mos sweep' in a browser.</summary>
[TestClass]
public sealed class ReportPageTests
{
    private static readonly Workspace s_files = new();

    [ClassInitialize]
    public static void MakePages(TestContext context)
    {
        s_files.Train("a.zip", "--epochs", "3", "--log-file", s_files["a.jsonl"]).Succeeded();
        s_files.Train("b.zip", "--head", "softmax", "--epochs", "3", "--log-file", s_files["b.jsonl"]).Succeeded();
        CommandRun.Of("report", "--run", s_files["a.jsonl"], s_files["b.jsonl"], "--output", s_files["report.html"]).Succeeded();
        CommandRun.Of(
            "compare", "--model", s_files["a.zip"], s_files["b.zip"], "--data", s_files["valid.txt"], "--rank", "--examples", "3",
            "--run", s_files["a.jsonl"], "--output", s_files["compare.html"]).Succeeded();
        s_files.Write("sweep.html", SweepSummaries.Page(SweepSummaries.Large));
    }

    [ClassCleanup]
    public static void DeletePages() => s_files.Dispose();

    [TestMethod]
    [DataRow("report.html", 390, ColorScheme.Light)]
    [DataRow("report.html", 390, ColorScheme.Dark)]
    [DataRow("report.html", 768, ColorScheme.Light)]
    [DataRow("report.html", 1280, ColorScheme.Light)]
    [DataRow("report.html", 1280, ColorScheme.Dark)]
    [DataRow("compare.html", 390, ColorScheme.Light)]
    [DataRow("compare.html", 390, ColorScheme.Dark)]
    [DataRow("compare.html", 768, ColorScheme.Light)]
    [DataRow("compare.html", 900, ColorScheme.Light)]
    [DataRow("compare.html", 1280, ColorScheme.Light)]
    [DataRow("compare.html", 1280, ColorScheme.Dark)]
    [DataRow("sweep.html", 390, ColorScheme.Light)]
    [DataRow("sweep.html", 390, ColorScheme.Dark)]
    [DataRow("sweep.html", 768, ColorScheme.Light)]
    [DataRow("sweep.html", 900, ColorScheme.Light)]
    [DataRow("sweep.html", 1280, ColorScheme.Light)]
    [DataRow("sweep.html", 1280, ColorScheme.Dark)]
    public async Task A_page_has_no_error_fits_its_window_and_can_be_read(string name, int width, ColorScheme scheme)
    {
        await using WatchedPage watched = await Chromium.OpenAsync(width, scheme);
        await watched.Page.GotoAsync(new Uri(s_files[name]).AbsoluteUri);
        await watched.AssertSoundAsync();
        Assert.HasCount(1, watched.Requests, "The page asks for no other file.");
    }

    [TestMethod]
    [DataRow("report.html")]
    [DataRow("compare.html")]
    [DataRow("sweep.html")]
    public async Task A_page_can_be_printed(string name)
    {
        await using WatchedPage watched = await Chromium.OpenAsync(794, ColorScheme.Dark);
        await watched.Page.GotoAsync(new Uri(s_files[name]).AbsoluteUri);
        await watched.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await watched.AssertSoundAsync();
        Assert.AreEqual(
            "rgb(255, 255, 255)", await watched.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"), "Paper is not dark.");
        byte[] pdf = await watched.Page.PdfAsync(new() { Format = "A4" });
        Assert.StartsWith("%PDF-", System.Text.Encoding.Latin1.GetString(pdf));
    }
}
