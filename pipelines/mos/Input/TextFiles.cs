using Microsoft.ML;

namespace Mos.Input;

/// <summary>Loads text for the commands.</summary>
internal static class TextFiles
{
    /// <summary>The lines of the files. Fails at once if a file is missing or all are empty.</summary>
    public static IDataView Load(MLContext ml, string[] paths)
    {
        IDataView lines = ml.LanguageModeling.LoadTextLines(paths);
        return paths.Any(path => new FileInfo(path).Length > 0)
            ? lines
            : throw new InvalidDataException($"There is no text in '{string.Join("', '", paths)}': the file is empty.");
    }
}
