using System.Globalization;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// A folder of checkpoints, each a folder of its own named by its step. One is written under another name and renamed when it is
/// whole; then older ones go. So the newest one is always complete. One run at a time has the folder.
/// </summary>
internal sealed class CheckpointFolder(string path) : IDisposable
{
    private const string Prefix = "step-";
    private const string Unfinished = ".unfinished";
    private const string Lock = "lock";

    private FileStream? _lock;

    /// <summary>
    /// The folder that the options name, made where it is missing, for this run alone until disposed; null where they name none. What cannot
    /// be written or resumed is an error now, and not when there is something to lose.
    /// </summary>
    /// <exception cref="IOException">It cannot be written, or another run has it.</exception>
    /// <exception cref="InvalidOperationException">It holds the checkpoint of an earlier run, which is not to be resumed.</exception>
    public static CheckpointFolder? Take(MixtureOfSoftmaxesTrainer.Options options)
    {
        if (options.CheckpointFolder is not string path)
        {
            return null;
        }

        WritableFolder.Check(path, 0, "for checkpoints", "Give another CheckpointFolder, or make this one writable.");
        var folder = new CheckpointFolder(path) { _lock = FileLock.TryTake(Path.Combine(path, Lock)) };
        if (folder._lock is null)
        {
            throw new IOException(
                $"CheckpointFolder '{path}' is in use by another run: wait until it has ended, or give each run a folder of its own.");
        }

        if (folder.Newest() is not null && !options.Resume)
        {
            folder.Dispose();
            throw new InvalidOperationException(
                $"CheckpointFolder '{path}' holds the checkpoint of an earlier run. Set Resume to go on with it, or give another folder.");
        }

        return folder;
    }

    /// <summary>The newest checkpoint's folder; null if there is none.</summary>
    public string? Newest() => Directory.Exists(path)
        ? Directory.GetDirectories(path, Prefix + "*").Where(IsWhole).Max(StringComparer.Ordinal)
        : null;

    /// <summary>Puts a checkpoint in the place of all others.</summary>
    /// <param name="step">The step the checkpoint stands at.</param>
    /// <param name="write">Writes its files into the folder it is given.</param>
    /// <exception cref="IOException">The disk is full, the folder read-only…; older checkpoints are untouched.</exception>
    public void Write(long step, Action<string> write)
    {
        // An older one of the same step, as at an epoch's end, stays until this one is whole.
        string name = Path.Combine(path, Prefix + step.ToString("D12", CultureInfo.InvariantCulture));
        string folder = name;
        for (int copy = 2; Directory.Exists(folder); copy++)
        {
            folder = string.Create(CultureInfo.InvariantCulture, $"{name}.{copy}");
        }

        string beside = folder + Unfinished;
        Delete(beside);
        Directory.CreateDirectory(beside);
        try
        {
            write(beside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // The last is how .NET tells of a file too long for the file system.
            throw new IOException(
                $"The checkpoint '{folder}' cannot be written: {e.Message} Mend that, then resume from the one before, which is intact.", e);
        }

        Directory.Move(beside, folder);
        foreach (string older in Directory.GetDirectories(path, Prefix + "*"))
        {
            if (older != folder)
            {
                Delete(older);
            }
        }
    }

    public void Dispose() => _lock?.Dispose();

    private static bool IsWhole(string folder) => !folder.EndsWith(Unfinished, StringComparison.Ordinal);

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
