namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// Folders of files that belong together: written beside their place, then renamed. An older folder stays whole until then, and is moved aside
/// in the same instant. A symbolic link stays one, and the folder that it leads to is replaced.
/// </summary>
internal static class AtomicFolder
{
    /// <param name="path">The folder to write.</param>
    /// <param name="checkOlder">Is given a folder that is there already, and throws if it must stay.</param>
    /// <param name="files">What is in it, by name.</param>
    /// <exception cref="IOException">A file is in the way, the folder above is missing, the disk is full…; an older folder is untouched.</exception>
    public static void Write(string path, Action<string> checkOlder, IReadOnlyDictionary<string, Action<Stream>> files)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string target = TargetOf(path);
        if (File.Exists(target))
        {
            throw new IOException($"'{path}' is a file; name a folder to write.");
        }

        if (Directory.Exists(target))
        {
            checkOlder(target);
        }

        RemoveAbandoned(target);
        string beside = BesideName.New(target), aside = BesideName.New(target);
        try
        {
            WritableFolder.Check(beside, 0, $"for '{path}'", "Name a folder in another place.");
            foreach ((string name, Action<Stream> write) in files)
            {
                using FileStream stream = File.Create(Path.Combine(beside, name));
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            Replace(target, beside, aside);
        }
        catch
        {
            Remove(beside);
            throw;
        }

        Remove(aside);
    }

    private static void Replace(string target, string beside, string aside)
    {
        bool isOlder = Directory.Exists(target);
        if (isOlder)
        {
            Directory.Move(target, aside);
        }

        try
        {
            Directory.Move(beside, target);
        }
        catch when (isOlder)
        {
            Directory.Move(aside, target);
            throw;
        }
    }

    private static string TargetOf(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return new DirectoryInfo(full).LinkTarget is null
            ? full
            : Directory.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }

    // While the older folder is aside nothing is at its place; a process that was killed then left it, and it is no remains.
    private static void RemoveAbandoned(string target)
    {
        string? parent = Path.GetDirectoryName(target);
        bool isThere = Directory.Exists(target) && Directory.Exists(parent);
        foreach (string folder in isThere ? Directory.EnumerateDirectories(parent!, BesideName.Pattern) : [])
        {
            if (BesideName.ProcessOf(folder, target) is int id && !BesideName.IsRunning(id))
            {
                Remove(folder);
            }
        }
    }

    // One that is another user's stays: this is no reason for a run to fail.
    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
