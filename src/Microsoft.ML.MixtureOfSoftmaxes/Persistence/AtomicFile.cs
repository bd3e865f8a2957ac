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
}
