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

    private static IDataView Load(MLContext ml, string[] paths, bool keepsPipes)
    {
        IDataView lines = ml.Data.LoadFromEnumerable(new TextLines(paths, keepsPipes));
        return paths.Any(path => path == TextSource.StandardInput || SpecialFile.Is(path) || new FileInfo(path).Length > 0)
            ? lines
            : throw new InvalidDataException($"There is no text in '{string.Join("', '", paths)}': the file is empty.");
    }
}
