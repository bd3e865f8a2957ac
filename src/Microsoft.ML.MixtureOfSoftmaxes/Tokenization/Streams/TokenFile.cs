using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

/// <summary>
/// Ids in a file that is mapped into memory, so that the system keeps what is in use and no more: first the ids, little-endian integers of
/// 32 bits, then what they are as JSON, its length, and a mark.
/// </summary>
internal sealed unsafe class TokenFile : TokenSequence
{
    private const ulong Mark = 0x31304B4F54534F4D; // "MOSTOK01" in bytes
    private const int TrailerBytes = 2 * sizeof(ulong), IdsTogether = 1 << 18;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Contents _contents;
    private readonly int* _ids;

    private TokenFile(MemoryMappedFile file, MemoryMappedViewAccessor view, Contents contents)
    {
        (_file, _view, _contents) = (file, view, contents);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _ids = (int*)(start + _view.PointerOffset);
    }

    public override long Length => _contents.Tokens;

    public override string Hash() => _contents.Sha256;

    public override void CopyTo(Span<int> destination, long start)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + destination.Length, Length);
        new ReadOnlySpan<int>(_ids + start, destination.Length).CopyTo(destination);
    }

    public override void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        base.Dispose();
    }

    /// <summary>Writes the rows; a file that is there is replaced when all are written.</summary>
    /// <exception cref="IOException">The disk is full…</exception>
    public static void Write(string path, TokenRows rows, Action<long> report, Cancellation cancellation) => AtomicFile.Write(path, stream =>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var waiting = new List<int>();
        rows.Read(Add, cancellation);
        Flush();
        byte[] contents = JsonSerializer.SerializeToUtf8Bytes(new Contents(
            rows.Tokens, rows.Unknown.Unknown, rows.Unknown.Words, rows.Shards, Convert.ToHexStringLower(hash.GetHashAndReset())));
        stream.Write(contents);
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteInt64LittleEndian(trailer, contents.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(trailer[sizeof(ulong)..], Mark);
        stream.Write(trailer);

        void Add(ReadOnlySpan<int> row)
        {
            waiting.AddRange(row);
            if (waiting.Count >= IdsTogether)
            {
                Flush();
                report(rows.Tokens);
            }
        }

        void Flush()
        {
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(waiting));
            hash.AppendData(bytes);
            stream.Write(bytes);
            waiting.Clear();
        }
    });

    /// <summary>Opens a file, and holds it to its checksum.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabularySize">What all ids are below.</param>
    /// <param name="isTemporary">Whether it goes when it is closed, or when the process ends in whatever way.</param>
    /// <exception cref="FormatException">It is damaged, or no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TokenText Open(string path, int vocabularySize, bool isTemporary)
    {
        FileOptions options = isTemporary && OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, options);
        TokenFile? tokens = null;
        try
        {
            Contents contents = ReadContents(stream);
            Check(stream, contents, vocabularySize);
            var file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            tokens = new(file, file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), contents);
            if (isTemporary && !OperatingSystem.IsWindows())
            {
                File.Delete(path); // what is mapped stays until it is closed
            }

            return new(tokens, contents.Shards, new(contents.Unknown, contents.Words));
        }
        catch
        {
            tokens?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    private static Contents ReadContents(FileStream stream)
    {
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        long length = stream.Length - TrailerBytes;
        if (length < 0)
        {
            throw Damaged();
        }

        stream.Position = length;
        stream.ReadExactly(trailer);
        long contentsLength = BinaryPrimitives.ReadInt64LittleEndian(trailer);
        long idsLength = length - contentsLength;
        if (BinaryPrimitives.ReadUInt64LittleEndian(trailer[sizeof(ulong)..]) != Mark || contentsLength is < 0 or > int.MaxValue || idsLength < 0)
        {
            throw Damaged();
        }

        byte[] json = new byte[contentsLength];
        stream.Position = idsLength;
        stream.ReadExactly(json);
        try
        {
            Contents contents = JsonSerializer.Deserialize<Contents>(json) ?? throw Damaged();
            return contents.Tokens * sizeof(int) == idsLength && contents.HasShards ? contents : throw Damaged();
        }
        catch (JsonException)
        {
            throw Damaged();
        }
    }

    // By reading and not by the map, whose pages would count as memory of the process.
    private static void Check(FileStream stream, Contents contents, int vocabularySize)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int[] ids = new int[(int)Math.Min(IdsTogether, contents.Tokens)];
        stream.Position = 0;
        for (long start = 0; start < contents.Tokens; start += ids.Length)
        {
            Span<int> part = ids.AsSpan(0, (int)Math.Min(ids.Length, contents.Tokens - start));
            stream.ReadExactly(MemoryMarshal.AsBytes(part));
            hash.AppendData(MemoryMarshal.AsBytes(part));
            if (part.ContainsAnyExceptInRange(0, vocabularySize - 1))
            {
                throw new FormatException("it is damaged, or has tokens that are not in the vocabulary");
            }
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != contents.Sha256)
        {
            throw Damaged();
        }
    }

    private static FormatException Damaged() => new("it is damaged, or no file of tokens");

    private sealed record Contents(long Tokens, long Unknown, long Words, long[] Shards, string Sha256)
    {
        public bool HasShards => Shards is [0, ..] && Shards[^1] < Tokens && Shards.Zip(Shards.Skip(1)).All(pair => pair.First < pair.Second);
    }
}
