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

    /// <summary>The checksum of what the stream holds from its place to its end.</summary>
    public static string Of(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));
}
