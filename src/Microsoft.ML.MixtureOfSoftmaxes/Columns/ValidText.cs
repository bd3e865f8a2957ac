using System.Buffers;
using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>
/// Text that can be written and read back. Half a surrogate pair is no character and no file holds it; each becomes U+FFFD, as in every
/// UTF-8 encoder, so that what a model knows stays the same when it is saved.
/// </summary>
internal static class ValidText
{
    public static bool Is(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange('\ud800', '\udfff') is >= 0 and int start)
        {
            if (Rune.DecodeFromUtf16(text[start..], out _, out int length) != OperationStatus.Done)
            {
                return false;
            }

            text = text[(start + length)..];
        }

        return true;
    }

    /// <summary>The text itself if it is valid.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> text) => Is(text) ? text : Mend(text);

    private static string Mend(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
