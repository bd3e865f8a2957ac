namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;

/// <summary>What tells one state of a file from another; the default value is that of a file that is not there.</summary>
internal readonly record struct FileStamp(DateTimeOffset Written, long Length)
{
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new(file.LastWriteTimeUtc, file.Length) : default;
    }
}
