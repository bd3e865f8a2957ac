using System.Globalization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training.Checkpoints;

/// <summary>
/// A folder of checkpoints, each a folder of its own named by its step. One is written under another name and renamed when it is
/// whole; then older ones go. So the newest one is always complete.
/// </summary>
internal sealed class CheckpointFolder(string path)
{
    private const string Prefix = "step-";
    private const string Unfinished = ".unfinished";

    /// <summary>The newest checkpoint's folder; null if there is none.</summary>
    public string? Newest() => Directory.Exists(path) ? Directory.GetDirectories(path, Prefix + "*").Where(IsWhole).Max(StringComparer.Ordinal) : null;

    /// <param name="step">The step the checkpoint stands at.</param>
    /// <param name="write">Writes its files into the folder it is given.</param>
    /// <exception cref="IOException">The disk is full…; older checkpoints are untouched.</exception>
    public void Write(long step, Action<string> write)
    {
        string folder = Path.Combine(path, Prefix + step.ToString("D12", CultureInfo.InvariantCulture));
        string beside = folder + Unfinished;
        Directory.CreateDirectory(path);
        Delete(beside);
        Directory.CreateDirectory(beside);
        write(beside);
        Delete(folder);
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
