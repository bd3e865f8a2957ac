using Microsoft.Playwright;

namespace Browser.Tests.Support;

/// <summary>The system's Chromium; without one, the tests of pages are skipped.</summary>
internal static class Chromium
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private static readonly string? s_path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => s_names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    private static IPlaywright? s_playwright;
    private static IBrowser? s_browser;

    /// <summary>A page of that width, which prefers light or dark.</summary>
    public static async Task<WatchedPage> OpenAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        if (s_path is null)
        {
            Assert.Inconclusive($"There is no browser on the PATH to try pages in ({string.Join(", ", s_names)}): install Chromium.");
        }

        s_playwright ??= await Playwright.CreateAsync();

        // Its own sandbox does not work for root, as in containers; it shows nothing but pages of this repository.
        s_browser ??= await s_playwright.Chromium.LaunchAsync(new() { ExecutablePath = s_path, Args = ["--no-sandbox"] });
        return new(await s_browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme }));
    }

    public static async Task CloseAsync()
    {
        if (s_browser is not null)
        {
            await s_browser.CloseAsync();
        }

        s_playwright?.Dispose();
    }
}
