using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Persistence;

/// <summary>Pipes, terminals and devices: what goes there cannot be put beside them and renamed.</summary>
internal static class SpecialFile
{
    /// <summary>Whether the path leads to something that is no regular file and no folder.</summary>
    public static bool Is(string path) => OperatingSystem.IsWindows()
        ? Path.GetFullPath(path).StartsWith(@"\\.\", StringComparison.Ordinal)
        : DescriptorOf(path) is not null || UnixFile.At(path) is { IsRegular: false, IsFolder: false };

    /// <summary>Opens it for writing; a named pipe waits for its reader.</summary>
    public static Stream OpenWrite(string path) => DescriptorOf(path) switch
    {
        1 => Console.OpenStandardOutput(),
        2 => Console.OpenStandardError(),
        _ => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0),
    };

    // Standard output redirected to a file is a regular file by this name, but one that the process has open and goes on writing to.
    private static int? DescriptorOf(string path) => path switch
    {
        "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1" => 1,
        "/dev/stderr" or "/dev/fd/2" or "/proc/self/fd/2" => 2,
        _ => null,
    };
}
