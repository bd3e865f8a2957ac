namespace Microsoft.ML.Data;

/// <summary>A sequence of files or other streams, read one after the other as one.</summary>
public interface IMultiStreamSource
{
    int Count { get; }

    /// <summary>The path of a stream; null for one that is no file.</summary>
    string? GetPathOrNull(int index);

    Stream Open(int index);

    TextReader OpenTextReader(int index);
}
