namespace Microsoft.ML;

/// <summary>
/// The checksum of zip entries. The framework records it when it writes them, but does not check it when it reads.
/// </summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i => Remainder((uint)i))];

    /// <summary>Reads the stream to its end.</summary>
    public static uint Of(Stream stream)
    {
        byte[] buffer = new byte[1 << 16];
        uint crc = uint.MaxValue;
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            foreach (byte value in buffer.AsSpan(0, count))
                crc = (crc >> 8) ^ Table[(byte)(crc ^ value)];
        }

        return ~crc;
    }

    private static uint Remainder(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
            value = (value >> 1) ^ ((value & 1) * 0xEDB88320);
        return value;
    }
}
