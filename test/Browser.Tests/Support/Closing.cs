namespace Browser.Tests.Support;

[TestClass]
public static class Closing
{
    [AssemblyCleanup]
    public static Task CloseBrowser() => Chromium.CloseAsync();
}
