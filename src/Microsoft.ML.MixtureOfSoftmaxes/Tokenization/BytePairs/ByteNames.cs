using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>
/// A printable character for each byte, so that any sequence of bytes has a name that can be shown and stored: visible Latin-1
/// characters stand for themselves, the others are counted from U+0100 on (the convention of GPT-2, where a space is Ġ).
/// </summary>
internal static class ByteNames
{
    private const int FirstSubstitute = 0x100;

    private static readonly char[] s_names = MakeNames();

    private static readonly Dictionary<char, byte> s_bytes =
        s_names.Select((name, value) => (name, value)).ToDictionary(pair => pair.name, pair => (byte)pair.value);

    public static string Of(byte value) => s_names[value].ToString();

    public static string Of(ReadOnlySpan<byte> values)
    {
        char[] name = new char[values.Length];
        for (int i = 0; i < name.Length; i++)
        {
            name[i] = s_names[values[i]];
        }

        return new(name);
    }

    /// <summary>The text of the bytes so named; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <exception cref="ArgumentException">A character is the name of no byte.</exception>
    public static string Decode(IEnumerable<string> names) => Encoding.UTF8.GetString([.. names.SelectMany(BytesOf)]);

    /// <summary>The bytes of a token so named.</summary>
    /// <exception cref="ArgumentException">A character is the name of no byte.</exception>
    public static byte[] BytesOf(string name) =>
    [
        .. name.Select(character => s_bytes.TryGetValue(character, out byte value)
            ? value
            : throw new ArgumentException($"'{name}' is no byte-pair token: '{character}' stands for no byte.")),
    ];

    private static char[] MakeNames()
    {
        int substitutes = 0;
        return [.. Enumerable.Range(0, 256).Select(value => (char)(IsVisible(value) ? value : FirstSubstitute + substitutes++))];
    }

    // The soft hyphen, U+00AD, is not.
    private static bool IsVisible(int value) => value is (>= 0x21 and <= 0x7e) or (>= 0xa1 and <= 0xff and not 0xad);
}
