using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>Token ids in reading order, wherever they are kept. For any number of readers at a time.</summary>
internal abstract class TokenSequence : IDisposable
{
    private const int HashedTogether = 1 << 18;

    public abstract long Length { get; }

    /// <summary>Fills <paramref name="destination"/> with the ids from <paramref name="start"/> on.</summary>
    public abstract void CopyTo(Span<int> destination, long start);

    /// <summary>SHA-256 of the ids as little-endian integers of 32 bits.</summary>
    public virtual string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int[] ids = new int[(int)Math.Min(HashedTogether, Length)];
        for (long start = 0; start < Length; start += ids.Length)
        {
            Span<int> part = ids.AsSpan(0, (int)Math.Min(ids.Length, Length - start));
            CopyTo(part, start);
            hash.AppendData(MemoryMarshal.AsBytes(part));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public virtual void Dispose()
    {
    }
}

/// <summary>Ids of an array.</summary>
internal sealed class TokensInMemory(int[] ids) : TokenSequence
{
    public override long Length => ids.Length;

    public override void CopyTo(Span<int> destination, long start) => ids.AsSpan((int)start, destination.Length).CopyTo(destination);
}
