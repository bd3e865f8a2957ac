using System.IO.Compression;
using System.IO.Pipelines;

namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>
/// The bytes of text files, of pipes, and of standard input under the name of a dash, without the gzip they may be in. A file is read anew
/// by each reader; a pipe can be read once.
/// </summary>
/// <param name="keepsPipes">Whether what a pipe holds is kept in memory, for readers after the first.</param>
internal sealed class TextSource(bool keepsPipes)
{
    /// <summary>The name of standard input.</summary>
    public const string StandardInput = "-";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, byte[]?> _pipes = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">It is a pipe that was read, and is not kept.</exception>
    public Stream Open(string path)
    {
        lock (_lock)
        {
            if (!_pipes.TryGetValue(path, out byte[]? kept))
            {
                Stream stream = path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
                if (stream.CanSeek)
                {
                    return Unzipped(stream);
                }

                kept = keepsPipes ? Read(stream, path) : null;
                _pipes.Add(path, kept);
                if (kept is null)
                {
                    return UnzippedPipe(stream);
                }
            }

            return kept is not null
                ? Unzipped(new MemoryStream(kept, writable: false))
                : throw new InvalidOperationException($"'{path}' is a pipe, has been read, and can be read once: write it to a file first.");
        }
    }

    private static byte[] Read(Stream stream, string path)
    {
        using (stream)
        {
            using var memory = new MemoryStream();
            try
            {
                stream.CopyTo(memory);
            }
            catch (Exception e) when (e is OutOfMemoryException || memory.Length > Array.MaxLength / 2)
            {
                throw new InvalidOperationException(
                    $"'{path}' is a pipe, which is kept in memory as it is read more than once, and too long for that: write it to a file first.", e);
            }

            return memory.ToArray();
        }
    }

    private static Stream Unzipped(Stream stream)
    {
        bool isGzip = stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
        stream.Position = 0;
        return isGzip ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    // A pipe cannot go back to its first bytes, its reader can.
    private static Stream UnzippedPipe(Stream stream)
    {
        PipeReader reader = PipeReader.Create(stream);
        ReadResult start = reader.ReadAtLeastAsync(2).AsTask().GetAwaiter().GetResult();
        bool isGzip = new System.Buffers.SequenceReader<byte>(start.Buffer).IsNext([0x1f, 0x8b]);
        reader.AdvanceTo(start.Buffer.Start);
        return isGzip ? new GZipStream(reader.AsStream(), CompressionMode.Decompress) : reader.AsStream();
    }
}
