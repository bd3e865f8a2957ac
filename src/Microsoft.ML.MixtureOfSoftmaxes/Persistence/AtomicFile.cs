using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>
/// Files that are whole or not there: written beside their place, flushed to the disk, then renamed over it. A symbolic link stays one, and
/// the file that it leads to is replaced; mode and owner are those of the file before. Pipes and devices are written as they are.
/// </summary>
internal static class AtomicFile
{
    /// <exception cref="IOException">The folder is missing, the disk is full…; an older file of that name is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (SpecialFile.Is(path))
        {
            using Stream special = SpecialFile.OpenWrite(path);
            write(special);
            return;
        }

        string target = TargetOf(path);
        RemoveAbandoned(target);
        string beside = BesideName.New(target);
        try
        {
            using (FileStream stream = Create(beside, target))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, target, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>As <see cref="Write"/>, but text, in UTF-8.</summary>
    /// <inheritdoc cref="Write"/>
    public static void WriteText(string path, Action<TextWriter> write) => Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        write(writer);
    });

    /// <summary>
    /// Makes the folder of a file to be written later, so that one that cannot be written is known at once, and removes what a killed
    /// process left beside the file.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">How long it will be; 0 if that is not known.</param>
    /// <exception cref="IOException">There is a folder of that name, or its own folder cannot be written or is too full.</exception>
    public static void Prepare(string path, long bytes = 0)
    {
        if (SpecialFile.Is(path))
        {
            return;
        }

        string target = TargetOf(path);
        if (Directory.Exists(target))
        {
            throw new IOException($"'{path}' is a folder; name a file to write.");
        }

        WritableFolder.Check(
            Path.GetDirectoryName(target)!, bytes, $"of '{Path.GetFileName(target)}'", "Make room there, or name a file in another folder.");
        RemoveAbandoned(target);
    }

    /// <summary>The file that a path stands for, symbolic links followed, also those to a file that is not there yet.</summary>
    public static string TargetOf(string path) => new FileInfo(path).LinkTarget is null
        ? Path.GetFullPath(path)
        : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    // Held while it is written, so that others can tell it from one whose process was killed.
    private static FileStream Create(string beside, string target)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (OperatingSystem.IsWindows() || UnixFile.At(target) is not UnixFile older)
        {
            return new(beside, options);
        }

        UnixFileMode mode = File.GetUnixFileMode(target);
        options.UnixCreateMode = mode;
        var stream = new FileStream(beside, options);
        older.GiveOwnerTo(beside);
        File.SetUnixFileMode(stream.SafeFileHandle, mode); // the umask took from the mode, and so may a new owner
        return stream;
    }

    // By its name such a file is of a process, which no longer runs or is this one, as it may be in a container; no one holds it.
    private static void RemoveAbandoned(string target)
    {
        string? folder = Path.GetDirectoryName(target);
        foreach (string file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, BesideName.Pattern) : [])
        {
            if (BesideName.ProcessOf(file, target) is int id && (id == Environment.ProcessId || !BesideName.IsRunning(id)))
            {
                Remove(file);
            }
        }
    }

    // Taking it and letting go of it deletes it. One that is another user's stays: this is no reason for a run to fail.
    private static void Remove(string file)
    {
        try
        {
            FileLock.TryTake(file)?.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
