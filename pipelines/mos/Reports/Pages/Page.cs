using System.Xml.Linq;

namespace Mos.Reports.Pages;

/// <summary>Writes HTML pages that need no script and no other file.</summary>
internal static class Page
{
    /// <param name="writer">Takes the HTML.</param>
    /// <param name="title">The title of the window.</param>
    /// <param name="body">The elements of the body; null for none.</param>
    public static void Write(TextWriter writer, string title, params object?[] body)
    {
        writer.WriteLine("<!DOCTYPE html>");
        writer.WriteLine(new XElement("html", new XAttribute("lang", "en"), Head(title), new XElement("body", body)));
    }

    private static XElement Head(string title) => new(
        "head",
        new XElement("meta", new XAttribute("charset", "utf-8")),
        new XElement(
            "meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
        new XElement("title", title),
        new XElement("style", PageStyle.Sheet));
}
