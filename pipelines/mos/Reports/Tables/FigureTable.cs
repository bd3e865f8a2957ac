using System.Xml.Linq;
using Mos.Reports.Drawing;

namespace Mos.Reports.Tables;

/// <summary>Makes HTML tables of figures. On narrow screens each row becomes a list, with the headers beside the cells.</summary>
internal static class FigureTable
{
    /// <summary>Stands in a cell that has no figure.</summary>
    public const string None = "–";

    /// <param name="corner">The header of the first column, which names the rows.</param>
    /// <param name="columns">The other columns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="name">The content of a row's first cell, from the row and its index.</param>
    public static XElement Create<T>(
        string corner,
        IReadOnlyList<(string Header, Func<T, string> Cell)> columns,
        IReadOnlyList<T> rows,
        Func<T, int, object[]> name) => new(
        "table",
        new XElement("thead", new XElement("tr", Header("col", corner), columns.Select(column => Header("col", column.Header)))),
        new XElement("tbody", rows.Select((row, i) => new XElement(
            "tr",
            Header("row", name(row, i)),
            columns.Select(column => new XElement("td", new XAttribute("data-header", column.Header), column.Cell(row)))))));

    /// <summary>The name of a run or model, after a line in the style of its curves.</summary>
    public static object[] Named(string name, int index) => [CurveStyle.Of(index).Swatch(), Printable.Text(name)];

    private static XElement Header(string scope, params object[] content) =>
        new("th", new XAttribute("scope", scope), content);
}
