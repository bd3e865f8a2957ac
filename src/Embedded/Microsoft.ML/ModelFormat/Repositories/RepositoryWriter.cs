using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Writes a repository; entries stand in the zip file in the order in which they were closed.</summary>
internal sealed class RepositoryWriter : Repository
{
    /// <summary>The version of the official library whose format this is.</summary>
    private const string FormatVersion = "5.0.0";

    private readonly ZipArchive _archive;
    private readonly Queue<Entry> _closed = [];
    private readonly HashSet<string> _paths = [];

    private RepositoryWriter(Stream stream, IExceptionContext? ectx)
        : base(ectx) => _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);

    public static RepositoryWriter CreateNew(Stream stream, IExceptionContext? ectx = null)
    {
        var repository = new RepositoryWriter(stream, ectx);
        using Entry entry = repository.CreateEntry("TrainingInfo", "Version.txt");
        using var writer = new StreamWriter(entry.Stream, leaveOpen: true);
        writer.WriteLine(FormatVersion);
        return repository;
    }

    public Entry CreateEntry(string name) => CreateEntry(null, name);

    public Entry CreateEntry(string? dir, string name)
    {
        Flush();
        string path = EntryPath(dir, name);
        ExceptionContext.CheckParam(_paths.Add(path), nameof(name), $"Duplicate entry: '{path}'");
        return AddEntry(path, CreateBuffer());
    }

    /// <summary>Completes the zip file; without it the stream holds no readable archive.</summary>
    public void Commit()
    {
        base.Dispose(disposing: true);
        Flush();
        _archive.Dispose();
    }

    protected override void OnClosed(Entry entry) => _closed.Enqueue(entry);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        while (_closed.TryDequeue(out Entry? entry))
            entry.Stream.Dispose();
    }

    private void Flush()
    {
        while (_closed.TryDequeue(out Entry? entry))
        {
            using Stream source = entry.Stream;
            using Stream destination = _archive.CreateEntry(entry.Path).Open();
            source.Position = 0;
            source.CopyTo(destination);
        }
    }
}
