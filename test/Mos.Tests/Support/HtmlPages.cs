using System.Globalization;
using System.Xml.Linq;
using Mos.Reports.Pages;
using Mos.Reports.Runs;

namespace Mos.Tests.Support;

/// <summary>Pages of training runs, parsed.</summary>
internal static class HtmlPages
{
    public static XElement Of(LoggedRun run)
    {
        var writer = new StringWriter();
        ReportPage.Write(writer, [run]);
        return Parse(writer.ToString());
    }

    public static XElement Parse(string html) => XDocument.Parse(html).Root!;

    public static XElement Figure(XElement page, string title) =>
        page.Descendants("figure").Single(f => f.Element("h2")!.Value == title);

    /// <summary>Parses numbers that are separated by spaces.</summary>
    public static double[] Values(string numbers) =>
        [.. numbers.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    /// <summary>The page that 'mos report' makes of logs.</summary>
    public static string ReportText(this Workspace files, params string[] logs)
    {
        CommandRun.Of(["report", "--run", .. logs, "--output", files["r.html"]]).Succeeded();
        return File.ReadAllText(files["r.html"]);
    }

    public static XElement Report(this Workspace files, params string[] logs) => Parse(files.ReportText(logs));
}
