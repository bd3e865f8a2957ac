using System.Collections;
using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>
/// The lines of text files, pipes and standard input (see <see cref="TextSource"/>), read lazily and, but for pipes that are not kept, anew
/// for each reader. A line ends with a line feed, a carriage return, or both. A byte-order mark that begins a line is left out: files that
/// were joined have one in their middle.
/// </summary>
internal sealed class TextLines : IEnumerable<TextLine>
{
    private const char ByteOrderMark = '\ufeff';

    // Bytes that are not UTF-8 are an error, not silently other text; a reader leaves out the mark that the encoding has at the beginning.
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    private readonly string[] _paths;
    private readonly TextSource _source;

    public TextLines(string[] paths, bool keepsPipes = false)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = paths;
        _source = new(keepsPipes);
        foreach (string path in paths)
        {
            if (path != TextSource.StandardInput && !File.Exists(path))
            {
                throw new FileNotFoundException($"There is no file '{path}'.", path);
            }
        }
    }

    public IEnumerator<TextLine> GetEnumerator()
    {
        foreach ((int index, string path) in _paths.Index())
        {
            // A reader that looks for marks of all encodings goes on, where it finds one, with an encoding that replaces invalid bytes.
            using var reader = new StreamReader(_source.Open(path), s_utf8, detectEncodingFromByteOrderMarks: false);
            while (ReadLine(reader, path) is string line)
            {
                yield return new TextLine { Text = line.TrimStart(ByteOrderMark), File = path, FileIndex = index };
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string? ReadLine(StreamReader reader, string path)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (Exception e) when (e is InvalidDataException or DecoderFallbackException)
        {
            throw new InvalidDataException($"File '{path}' cannot be read as text: {e.Message} It must be UTF-8, plain or gzip.", e);
        }
    }
}
