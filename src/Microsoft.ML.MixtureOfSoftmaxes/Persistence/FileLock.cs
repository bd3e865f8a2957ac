namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>A file that one holder at a time has open; the system lets go of it when its process ends, however it ends.</summary>
internal static class FileLock
{
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <summary>
    /// The file, made where it is missing, to be held until disposed, when it goes; null while another holder, of this process or
    /// another, has it.
    /// </summary>
    /// <exception cref="IOException">The folder is missing, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file is not this user's to write.</exception>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (e.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            return null;
        }
    }
}
