using System.Globalization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// A folder of checkpoints, each a folder of its own named by its step. One is written under another name and renamed when it is
/// whole; then older ones go. So the newest one is always complete.
/// </summary>
internal sealed class CheckpointFolder(string path)
{
    private const string Prefix = "step-";
    private const string Unfinished = ".unfinished";

    /// <summary>The newest checkpoint's folder; null if there is none.</summary>
    public string? Newest() => Directory.Exists(path)
        ? Directory.GetDirectories(path, Prefix + "*").Where(IsWhole).Max(StringComparer.Ordinal)
        : null;

    /// <summary>Makes the folder where it is missing, so that a path that cannot be one is an error before training.</summary>
    /// <exception cref="IOException">A file is in the way.</exception>
    public void Create() => Directory.CreateDirectory(path);

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
                $"The checkpoint '{folder}' cannot be written: {e.Message} Make room, then resume from the one before, which is intact.", e);
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

    private static bool IsWhole(string folder) => !folder.EndsWith(Unfinished, StringComparison.Ordinal);

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
