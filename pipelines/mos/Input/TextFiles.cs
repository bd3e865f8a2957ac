using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Mos.Input.Tables;

namespace Mos.Input;

/// <summary>Loads text for the commands. Fails at once if a file is missing, all are empty, or the first row of one has no such text.</summary>
internal static class TextFiles
{
    /// <summary>
    /// The texts of the files, pipes and standard input, as rows of <see cref="TextLine"/>. Pipes are kept in memory to be read again.
    /// </summary>
    public static IDataView Load(MLContext ml, (string Path, TableFormat Format)[] files, TextColumns columns) => ml.Data.LoadFromEnumerable(
        Open(files, columns, keepsPipes: true)
            .Select(row => new TextLine { Text = row.Text, File = row.File, FileIndex = row.FileIndex }));

    /// <summary>
    /// The same as rows of <see cref="TextRow"/>, which have the tables' rows too, for a command that reads the text once: pipes are passed
    /// on as they come.
    /// </summary>
    public static IDataView LoadOnce(MLContext ml, (string Path, TableFormat Format)[] files, TextColumns columns) =>
        ml.Data.LoadFromEnumerable(Open(files, columns, keepsPipes: false));

    /// <summary>The same, each row with the line of the same number in other files as its context.</summary>
    public static IDataView LoadOnce(MLContext ml, (string Path, TableFormat Format)[] files, TextColumns columns, string[] contextPaths)
    {
        TextLines.CheckThere(contextPaths);
        var source = new TextSource(keepsPipes: false);
        return ml.Data.LoadFromEnumerable(new ContextRows(
            Open(files, columns, keepsPipes: false), contextPaths.SelectMany(path => TextLines.Read(source, path))));
    }

    private static TextRows Open((string Path, TableFormat Format)[] files, TextColumns columns, bool keepsPipes)
    {
        string[] paths = [.. files.Select(file => file.Path)];
        TextLines.CheckThere(paths);
        if (!paths.Any(path => IsPipe(path) || new FileInfo(path).Length > 0))
        {
            throw new InvalidDataException($"There is no text in '{string.Join("', '", paths)}': the file is empty.");
        }

        var rows = new TextRows(files, columns, keepsPipes);
        foreach ((int index, (string path, TableFormat format)) in files.Index())
        {
            if (format != TableFormat.Text && (keepsPipes || !IsPipe(path)))
            {
                _ = rows.Read(index, path, format).FirstOrDefault();
            }
        }

        return rows;
    }

    private static bool IsPipe(string path) => path == TextSource.StandardInput || SpecialFile.Is(path);
}
