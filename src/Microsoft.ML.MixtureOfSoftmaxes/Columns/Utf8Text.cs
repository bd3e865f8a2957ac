using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>Reads the bytes of a text as UTF-8: bytes that are not are an error, and not silently other text.</summary>
internal static class Utf8Text
{
    /// <summary>The mark that may begin a file, or a line of files that were joined.</summary>
    public const char ByteOrderMark = '\ufeff';

    // A reader leaves out the mark that the encoding has at the beginning. One that looks for marks of all encodings would go on, where it
    // finds one, with an encoding that replaces invalid bytes.
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    public static StreamReader Open(TextSource source, string path) =>
        new(source.Open(path), s_utf8, detectEncodingFromByteOrderMarks: false);

    /// <summary>Reads what is next, with errors that name the file.</summary>
    /// <exception cref="InvalidDataException">It is not UTF-8, or its gzip is damaged.</exception>
    public static T Read<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or DecoderFallbackException)
        {
            throw new InvalidDataException($"File '{path}' cannot be read as text: {e.Message} It must be UTF-8, plain or gzip.", e);
        }
    }
}
