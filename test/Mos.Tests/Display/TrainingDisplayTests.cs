using Mos.Display;
using Spectre.Console;

namespace Mos.Tests.Display;

[TestClass]
public sealed class TrainingDisplayTests
{
    [TestMethod]
    [DataRow("cancelled.", 1)]
    [DataRow("ending at the next step", 2)]
    public void A_message_fills_its_lines_so_that_nothing_of_the_bar_below_shows(string message, int lines)
    {
        var written = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(written), Ansi = AnsiSupport.Yes });
        console.Profile.Width = 20;
        TrainingDisplay.WriteLine(console, message);

        string[] shown = written.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(lines, shown);
        Assert.IsTrue(shown.All(line => line.Length == 20), string.Join('|', shown));
        Assert.AreEqual(message, string.Join(' ', shown.Select(line => line.TrimEnd())));
    }
}
