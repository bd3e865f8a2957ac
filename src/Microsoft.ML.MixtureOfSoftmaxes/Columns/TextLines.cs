using System.Collections;
using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>
/// The lines of text files, read lazily and anew for each reader; gzip is recognised by its first bytes. A line ends with a line feed, a
/// carriage return, or both. A byte-order mark that begins a line is left out: files that were joined have one in their middle.
/// </summary>
internal sealed class TextLines : IEnumerable<TextLine>
{
    private const char ByteOrderMark = '\ufeff';

    // Bytes that are not UTF-8 are an error, not silently other text; a reader leaves out the mark that the encoding has at the beginning.
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    private readonly string[] _paths;

    public TextLines(string[] paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = paths;
        foreach (string path in paths)
        {
            if (!File.Exists(path))
            {
                throw new FileNotFoundException($"There is no file '{path}'.", path);
            }
        }
    }

    public IEnumerator<TextLine> GetEnumerator()
    {
        foreach ((int index, string path) in _paths.Index())
        {
            using StreamReader reader = Open(path);
            while (ReadLine(reader, path) is string line)
            {
                yield return new TextLine { Text = line.TrimStart(ByteOrderMark), File = path, FileIndex = index };
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static StreamReader Open(string path)
    {
        FileStream file = File.OpenRead(path);
        bool isGzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;

        // A reader that looks for marks of all encodings goes on, where it finds one, with an encoding that replaces invalid bytes.
        return new StreamReader(
            isGzip ? new GZipStream(file, CompressionMode.Decompress) : file, s_utf8, detectEncodingFromByteOrderMarks: false);
    }

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
