using System.Security.Cryptography;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>SHA-256 checksums of files and entries, as lower-case hexadecimal digits.</summary>
internal static class Sha256
{
    /// <summary>The checksum of what is written; the stream stays open.</summary>
    public static string OfWritten(Stream stream, Action<Stream> write)
    {
        using var sha = SHA256.Create();
        using (var hashing = new CryptoStream(stream, sha, CryptoStreamMode.Write, leaveOpen: true))
        {
            write(hashing);
        }

        return Convert.ToHexStringLower(sha.Hash!);
    }

    /// <summary>The checksum of what the stream holds from its place to its end, whatever of it is read; the stream stays open.</summary>
    public static string OfRead(Stream stream, Action<Stream> read)
    {
        using var sha = SHA256.Create();
        using (var hashing = new CryptoStream(stream, sha, CryptoStreamMode.Read, leaveOpen: true))
        {
            read(hashing);
            hashing.CopyTo(Stream.Null);
        }

        return Convert.ToHexStringLower(sha.Hash!);
    }

    /// <exception cref="InvalidDataException">What the stream holds from its place to its end has another checksum.</exception>
    public static void Check(Stream stream, string expected)
    {
        string actual = Convert.ToHexStringLower(SHA256.HashData(stream));
        if (actual != expected)
        {
            throw new InvalidDataException($"Its SHA-256 is {actual}, but {expected} was written.");
        }
    }
}
