namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>Files that are whole or not there: written beside their place, flushed to the disk, then renamed over it.</summary>
internal static class AtomicFile
{
    /// <exception cref="IOException">The folder is missing, the disk is full…; an older file of that name is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string beside = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
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

    /// <summary>Makes the folder of a file to be written later, so that one that cannot be written is known at once.</summary>
    /// <exception cref="IOException">There is a folder of that name, or a file in the place of its folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is read-only.</exception>
    public static void Prepare(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        if (Directory.Exists(path))
        {
            throw new IOException($"'{path}' is a folder; name a file to write.");
        }

        File.Create(Path.Combine(folder, $"{Guid.NewGuid():N}.tmp"), 1, FileOptions.DeleteOnClose).Dispose();
    }
}
