using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Reads a repository.</summary>
internal sealed class RepositoryReader : Repository
{
    private readonly ZipArchive _archive;

    // Writers on Windows separate directories with backslashes.
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];

    private RepositoryReader(Stream stream, IExceptionContext? ectx)
        : base(ectx)
    {
        Source = stream is FileStream file ? $"'{file.Name}'" : "The stream";
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (ZipArchiveEntry entry in _archive.Entries)
                _entries[Normalize(entry.FullName)] = entry;
        }
        catch (InvalidDataException e)
        {
            throw ectx.ExceptDecode(
                $"{Source} is not a complete model file: it is no zip archive, or was cut short. Copy or save the model again.", e);
        }
    }

    /// <summary>How messages name what is read.</summary>
    public string Source { get; }

    public static RepositoryReader Open(Stream stream, IExceptionContext? ectx = null)
    {
        ectx.CheckValue(stream, nameof(stream));
        return new RepositoryReader(stream, ectx);
    }

    public bool Contains(string path) => _entries.ContainsKey(path);

    public Entry OpenEntry(string name) => OpenEntry(null, name);

    public Entry OpenEntry(string? dir, string name) =>
        OpenEntryOrNull(dir, name) ?? throw ExceptionContext.ExceptDecode($"{Source} has no entry '{EntryPath(dir, name)}'.");

    public Entry? OpenEntryOrNull(string name) => OpenEntryOrNull(null, name);

    public Entry? OpenEntryOrNull(string? dir, string name)
    {
        string path = EntryPath(dir, name);
        if (!_entries.TryGetValue(path, out ZipArchiveEntry? entry))
            return null;
        FileStream buffer = CreateBuffer();
        try
        {
            using (Stream source = entry.Open())
                source.CopyTo(buffer);
            buffer.Position = 0;
            if (Crc32.Of(buffer) != entry.Crc32)
                throw new InvalidDataException("Its checksum is wrong.");
        }
        catch (Exception e)
        {
            buffer.Dispose();
            if (e is not InvalidDataException)
                throw;
            throw ExceptionContext.ExceptDecode(
                $"Entry '{path}' of {Source} is damaged. Copy or save the model again.", e);
        }

        buffer.Position = 0;
        return AddEntry(path, buffer);
    }

    protected override void OnClosed(Entry entry) => entry.Stream.Dispose();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _archive.Dispose();
    }
}
