using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Mos;

/// <summary>
/// A folder of this run's own in the system's for temporary files, where ML.NET packs and unpacks models. It goes with the run; that of a run
/// which was killed goes with the next one.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const string Prefix = "mos-run-";
    private const string LockFile = "lock";

    private readonly FileStream _lock;

    /// <exception cref="IOException">There is no folder for temporary files that can be written.</exception>
    public TemporaryFolder()
    {
        string parent = System.IO.Path.GetTempPath();
        WritableFolder.Check(
            parent, 0, "for temporary files, where ML.NET packs and unpacks models,",
            "Set TMPDIR (on Windows TMP) to a folder that can be written.");
        RemoveAbandoned(parent);
        Path = Directory.CreateTempSubdirectory(Prefix).FullName;
        _lock = FileLock.TryTake(System.IO.Path.Combine(Path, LockFile))!;
    }

    public string Path { get; }

    public void Dispose()
    {
        _lock.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    // A run holds the file in its folder until it ends, however it ends.
    private static void RemoveAbandoned(string parent)
    {
        foreach (string folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            string file = System.IO.Path.Combine(folder, LockFile);
            try
            {
                using FileStream? held = File.Exists(file) ? FileLock.TryTake(file) : null;
                if (held is not null)
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another run is about to remove it.
            }
        }
    }
}
