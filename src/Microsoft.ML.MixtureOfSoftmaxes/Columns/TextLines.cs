using System.Collections;

namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>
/// The lines of text files, pipes and standard input (see <see cref="TextSource"/>), read lazily and, but for pipes, anew for each reader.
/// A line ends with a line feed, a carriage return, or both. A byte-order mark that begins a line is left out: files that were joined have
/// one in their middle.
/// </summary>
internal sealed class TextLines : IEnumerable<TextLine>
{
    private readonly string[] _paths;
    private readonly TextSource _source = new(keepsPipes: false);

    public TextLines(string[] paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = paths;
        CheckThere(paths);
    }

    public IEnumerator<TextLine> GetEnumerator()
    {
        foreach ((int index, string path) in _paths.Index())
        {
            foreach (string line in Read(_source, path))
            {
                yield return new TextLine { Text = line, File = path, FileIndex = index };
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <exception cref="FileNotFoundException">One of the files is not there.</exception>
    public static void CheckThere(IEnumerable<string> paths)
    {
        if (paths.FirstOrDefault(path => path != TextSource.StandardInput && !File.Exists(path)) is string missing)
        {
            throw new FileNotFoundException($"There is no file '{missing}'.", missing);
        }
    }

    /// <summary>The lines of one text.</summary>
    public static IEnumerable<string> Read(TextSource source, string path)
    {
        using StreamReader reader = Utf8Text.Open(source, path);
        while (Utf8Text.Read(path, reader.ReadLine) is string line)
        {
            yield return line.TrimStart(Utf8Text.ByteOrderMark);
        }
    }
}
