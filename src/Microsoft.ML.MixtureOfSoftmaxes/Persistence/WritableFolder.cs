namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>Whether a folder will take what is to be written there, to be known before the work that leads to it.</summary>
internal static class WritableFolder
{
    private const double Megabyte = 1 << 20;

    /// <param name="folder">Made where it is missing.</param>
    /// <param name="bytes">What is to be written.</param>
    /// <param name="purpose">What the folder is for, as in "for checkpoints".</param>
    /// <param name="remedy">A sentence.</param>
    /// <exception cref="IOException">It cannot be made, it cannot be written, or it is too full.</exception>
    public static void Check(string folder, long bytes, string purpose, string remedy)
    {
        try
        {
            Directory.CreateDirectory(folder);
            File.Create(Path.Combine(folder, $"{Guid.NewGuid():N}.tmp"), 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder '{folder}' {purpose} cannot be written: {e.Message} {remedy}", e);
        }

        long free = FreeBytes(folder);
        if (free < bytes)
        {
            throw new IOException(FormattableString.Invariant(
                $"The folder '{folder}' {purpose} has {free / Megabyte:N0} MB free, but {bytes / Megabyte:N0} MB are needed. {remedy}"));
        }
    }

    private static long FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (ArgumentException)
        {
            return long.MaxValue; // a network folder of Windows is on no drive
        }
    }
}
