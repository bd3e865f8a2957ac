namespace Mos.Input;

/// <summary>Names files that are given together.</summary>
internal static class FileNames
{
    /// <summary>The names without folder and extension, or the paths of files that share a name.</summary>
    public static string[] Short(string[] paths)
    {
        string[] names = [.. paths.Select(path => Path.GetFileNameWithoutExtension(path))];
        return [.. names.Zip(paths, (name, path) => names.Count(other => other == name) == 1 ? name : path)];
    }

    /// <exception cref="UsageException">A file is named twice.</exception>
    public static void CheckDistinct(string option, string[] paths)
    {
        HashSet<string> seen = [];
        if (paths.FirstOrDefault(path => !seen.Add(Path.GetFullPath(path))) is string twice)
        {
            throw new UsageException($"{option} names '{twice}' twice.");
        }
    }
}
