using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A zip file as a tree of entries, each of which can be read or written while others are open.</summary>
internal abstract class Repository : IDisposable
{
    private readonly string _temporaryDirectory;
    private readonly List<Entry> _open = [];

    protected Repository(IExceptionContext? ectx)
    {
        ExceptionContext = ectx;
        _temporaryDirectory = Path.GetFullPath((ectx as IHostEnvironmentInternal)?.TempFilePath ?? Path.GetTempPath());
    }

    public IExceptionContext? ExceptionContext { get; }

    /// <summary>Zip entries are separated by slashes on every system.</summary>
    public static string Combine(string? dir, string name) => string.IsNullOrEmpty(dir) ? name : $"{dir}/{name}";

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        while (_open.Count > 0)
            _open[^1].Dispose();
    }

    protected string EntryPath(string? dir, string name)
    {
        ExceptionContext.CheckParam(!string.IsNullOrWhiteSpace(name), nameof(name), "An entry needs a name");
        string path = Normalize(Combine(dir, name));
        ExceptionContext.CheckParam(
            !path.StartsWith('/') && !path.Split('/').Contains(".."), nameof(name), $"'{path}' leads out of the repository");
        return path;
    }

    protected static string Normalize(string path) => path.Replace('\\', '/');

    /// <summary>
    /// Entries are open at the same time and seek, which streams of a zip file cannot; so each is kept in a file of its own.
    /// </summary>
    protected FileStream CreateBuffer()
    {
        Directory.CreateDirectory(_temporaryDirectory);
        return new FileStream(
            Path.Combine(_temporaryDirectory, $"mlnet-{Path.GetRandomFileName()}"),
            FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16, FileOptions.DeleteOnClose);
    }

    protected Entry AddEntry(string path, Stream stream)
    {
        var entry = new Entry(this, path, stream);
        _open.Add(entry);
        return entry;
    }

    /// <summary>Takes over the stream of an entry that nobody uses any more. Runs in Dispose, so it must not throw.</summary>
    protected abstract void OnClosed(Entry entry);

    internal sealed class Entry(Repository repository, string path, Stream stream) : IDisposable
    {
        public string Path => path;

        public Stream Stream => stream;

        public void Dispose()
        {
            if (repository._open.Remove(this))
                repository.OnClosed(this);
        }
    }
}
