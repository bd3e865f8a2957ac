namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;

/// <summary>Identifies a version of a file. The default value stands for a missing file.</summary>
internal readonly record struct FileStamp(DateTimeOffset Written, long Length)
{
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new(file.LastWriteTimeUtc, file.Length) : default;
    }
}
