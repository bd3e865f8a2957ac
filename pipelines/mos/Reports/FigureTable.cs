using System.Xml.Linq;

namespace Mos.Reports;

/// <summary>A table of figures; on narrow screens each row becomes a list, with the headers beside the cells.</summary>
internal static class FigureTable
{
    /// <summary>What stands where there is no figure.</summary>
    public const string None = "–";

    /// <param name="corner">The header of the first column, which names the rows.</param>
    /// <param name="columns">The other columns.</param>
    /// <param name="rows">The cells, by row.</param>
    /// <param name="name">What stands before a row's cells.</param>
    public static XElement Create<T>(
        string corner, IReadOnlyList<(string Header, Func<T, string> Cell)> columns, IReadOnlyList<T> rows, Func<T, int, object[]> name) => new(
        "table",
        new XElement("thead", new XElement("tr", Header("col", corner), columns.Select(column => Header("col", column.Header)))),
        new XElement("tbody", rows.Select((row, i) => new XElement(
            "tr",
            Header("row", name(row, i)),
            columns.Select(column => new XElement("td", new XAttribute("data-header", column.Header), column.Cell(row)))))));

    /// <summary>A name with the line that stands for it in charts.</summary>
    public static object[] Named(string name, int i) => [Swatch.Of(RunStyle.Of(i)), Printable.Text(name)];

    private static XElement Header(string scope, params object[] content) =>
        new("th", new XAttribute("scope", scope), content);
}
