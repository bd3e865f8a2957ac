using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// Files, also by patterns: <c>*</c> and <c>?</c> in a file name, <c>...</c> for a folder and all below it, and <c>+</c>
/// between alternatives. Matches of a pattern come in the order of their names.
/// </summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    public MultiFileSource(params string[] paths)
    {
        string[] given = [.. (paths ?? []).Where(path => path is not null)];
        string[] found = [.. given.SelectMany(Expand)];
        _paths = found.Length > 0 ? found : given;
    }

    public int Count => _paths.Length;

    public string GetPathOrNull(int index)
    {
        Contracts.CheckParam((uint)index < (uint)Count, nameof(index), $"There are {Count} files.");
        return _paths[index];
    }

    public Stream Open(int index)
    {
        string path = GetPathOrNull(index);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Contracts.ExceptIO(null, $"Could not open file '{path}'. Error is: {e.Message}", e);
        }
    }

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    /// <summary>The existing files of a path or pattern.</summary>
    internal static IEnumerable<string> Expand(string path)
    {
        if (File.Exists(path))
            return [path];
        return path.Split('+', StringSplitOptions.RemoveEmptyEntries).SelectMany(ExpandAlternative);
    }

    private static IEnumerable<string> ExpandAlternative(string pattern)
    {
        int recursion = pattern.IndexOf("...", StringComparison.Ordinal);
        string folder = recursion >= 0 ? pattern[..recursion] : Path.GetDirectoryName(pattern) ?? "";
        string name = recursion >= 0 ? pattern[(recursion + 3)..].TrimStart('/', '\\') : Path.GetFileName(pattern);
        if (recursion < 0 && name.IndexOfAny(['*', '?']) < 0)
            return File.Exists(pattern) ? [pattern] : [];
        if (folder.Length > 0 && !Directory.Exists(folder))
            return [];
        return Directory.EnumerateFiles(
                folder.Length > 0 ? folder : ".",
                name.Length > 0 ? name : "*",
                recursion >= 0 ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
            .Order(StringComparer.Ordinal);
    }
}
