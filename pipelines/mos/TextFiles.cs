using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes.Columns;
using Mos.Display;

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

    /// <summary>The same, and <paramref name="progress"/> is told of the rows as they are read.</summary>
    public static IDataView Load(MLContext ml, string[] paths, RowProgress progress)
    {
        IDataView lines = Load(ml, paths);
        return ml.Data.LoadFromEnumerable(ml.Data.CreateEnumerable<TextLine>(lines, reuseRowObject: false).Select((line, row) =>
        {
            progress.Report(row);
            return line;
        }));
    }
}
