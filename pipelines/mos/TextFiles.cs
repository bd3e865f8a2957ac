using Microsoft.ML;

namespace Mos;

/// <summary>Reads text for the commands.</summary>
internal static class TextFiles
{
    /// <summary>The lines of the files; missing files, and nothing but empty ones, are told at once.</summary>
    public static IDataView Load(MLContext ml, string[] paths)
    {
        IDataView lines = ml.LanguageModeling.LoadTextLines(paths);
        return paths.Any(path => new FileInfo(path).Length > 0)
            ? lines
            : throw new InvalidDataException($"There is no text in '{string.Join("', '", paths)}': the file is empty.");
    }
}
