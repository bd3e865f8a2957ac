using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Mos.Input;

/// <summary>Loads text for the commands.</summary>
internal static class TextFiles
{
    /// <summary>
    /// The lines of the files, pipes and standard input. Fails at once if a file is missing or all are empty. Pipes are kept in memory to be
    /// read again.
    /// </summary>
    public static IDataView Load(MLContext ml, string[] paths) => Load(ml, paths, keepsPipes: true);

    /// <summary>The same for a command that reads the text once, which passes pipes on as they come.</summary>
    public static IDataView LoadOnce(MLContext ml, string[] paths) => Load(ml, paths, keepsPipes: false);

    /// <summary>The same, each line with the one of the same number in other files, which it follows.</summary>
    public static IDataView LoadOnce(MLContext ml, string[] paths, string[] contextPaths)
    {
        var lines = new ContextLines(new(paths, keepsPipes: false), new(contextPaths, keepsPipes: false));
        return Load(ml.Data.LoadFromEnumerable(lines), [.. paths, .. contextPaths]);
    }

    private static IDataView Load(MLContext ml, string[] paths, bool keepsPipes) =>
        Load(ml.Data.LoadFromEnumerable(new TextLines(paths, keepsPipes)), paths);

    private static IDataView Load(IDataView lines, string[] paths)
    {
        return paths.Any(path => path == TextSource.StandardInput || SpecialFile.Is(path) || new FileInfo(path).Length > 0)
            ? lines
            : throw new InvalidDataException($"There is no text in '{string.Join("', '", paths)}': the file is empty.");
    }
}
