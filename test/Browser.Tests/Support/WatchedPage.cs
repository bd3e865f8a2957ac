using System.Text.Json;
using Microsoft.Playwright;

namespace Browser.Tests.Support;

/// <summary>A page whose errors and requests are noted.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private readonly List<string> _errors = [];
    private readonly List<string> _requests = [];

    public WatchedPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _errors.Add(error);
        page.Request += (_, request) => _requests.Add(request.Url);
    }

    public IPage Page { get; }

    /// <summary>What the console had to say against the page.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>What the page asked for, itself included.</summary>
    public IReadOnlyList<string> Requests => _requests;

    /// <summary>No error, nothing that is wider than the window, and no text that is hard to read.</summary>
    public async Task AssertSoundAsync()
    {
        Assert.IsEmpty(_errors, string.Join('\n', _errors));
        int[] widths = await Page.EvaluateAsync<int[]>("[document.documentElement.scrollWidth, innerWidth]");
        Assert.IsLessThanOrEqualTo(widths[1], widths[0], "The page is wider than its window.");

        // Words of every surprisal, up to the fullest colour.
        await Page.EvaluateAsync(
            "document.querySelectorAll(\"[style*='--s']\").forEach((word, i) => word.style.setProperty('--s', 1 / (i % 3 + 1)))");
        JsonElement texts = await Page.EvaluateAsync<JsonElement>(Contrast.Script);
        Assert.IsGreaterThan(3, texts.GetArrayLength());
        string[] faint = [.. texts.EnumerateArray().Where(text => text.GetProperty("ratio").GetDouble() < 4.5).Select(text => text.ToString())];
        Assert.IsEmpty(faint, string.Join('\n', faint));
    }

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
