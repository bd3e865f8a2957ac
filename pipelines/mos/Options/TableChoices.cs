using System.CommandLine;
using Microsoft.ML;
using Mos.Input;
using Mos.Input.Tables;

namespace Mos.Options;

/// <summary>The options of commands that read text: what of a table is the text, and which files are tables.</summary>
internal sealed class TableChoices
{
    private readonly Option<string> _column = new("--column")
    {
        Description = "In tables: the column of the text.",
        HelpName = "name",
        DefaultValueFactory = _ => nameof(TextRow.Text),
    };

    private readonly Option<string?> _format = Format(
        "--input-format",
        "What the files of text are, whatever their names end in: plain lines, or tables with a header. [default: .csv, .tsv, .jsonl, " +
        ".parquet, and text for all others]",
        Enum.GetValues<TableFormat>());

    public IEnumerable<Option> All => [_column, _format];

    /// <summary>An option whose value is one of the formats, or null.</summary>
    public static Option<string?> Format(string name, string description, params IEnumerable<TableFormat> formats)
    {
        Option<string?> option = ScalarValue.CreateOptionalChoice(name, formats.Select(format => Names.Short($"{format}")));
        option.Description = description;
        return option;
    }

    /// <summary>The format that such an option names; null for none.</summary>
    public static TableFormat? FormatOf(string? name) => name is null ? null : Enum.Parse<TableFormat>(name, ignoreCase: true);

    /// <summary>See <see cref="TextFiles.Load"/>.</summary>
    public IDataView Load(Session session, MLContext ml, string[] paths) => TextFiles.Load(ml, Files(session, paths), new(session.Get(_column)));

    /// <summary>See <see cref="TextFiles.LoadOnce(MLContext, ValueTuple{string, TableFormat}[], TextColumns)"/>.</summary>
    public IDataView LoadOnce(Session session, MLContext ml, string[] paths, string? contextColumn) =>
        TextFiles.LoadOnce(ml, Files(session, paths), new(session.Get(_column), contextColumn));

    /// <summary>See <see cref="TextFiles.LoadOnce(MLContext, ValueTuple{string, TableFormat}[], TextColumns, string[])"/>.</summary>
    public IDataView LoadOnce(Session session, MLContext ml, string[] paths, string[] contextPaths) =>
        TextFiles.LoadOnce(ml, Files(session, paths), new(session.Get(_column)), contextPaths);

    /// <summary>See <see cref="TextKey.Of"/>.</summary>
    public string? Key(Session session, string[] paths) => TextKey.Of(Files(session, paths), new(session.Get(_column)));

    private (string Path, TableFormat Format)[] Files(Session session, string[] paths)
    {
        TableFormat? given = FormatOf(session.Get(_format));
        (string Path, TableFormat Format)[] files =
            [.. paths.Select(path => (path, given ?? TableFormats.Of(path) ?? TableFormat.Text))];
        return session.IsGiven(_column) && files.All(file => file.Format == TableFormat.Text)
            ? throw new UsageException(
                $"--column names a column of a table, and '{files[0].Path}' is plain lines; if it is a table, say which kind by --input-format.")
            : files;
    }
}
