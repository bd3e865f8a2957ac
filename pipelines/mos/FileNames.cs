namespace Mos;

/// <summary>Short names for files that stand together.</summary>
internal static class FileNames
{
    /// <summary>The names without folder and extension; those that several share, as paths.</summary>
    public static string[] Short(string[] paths)
    {
        ILookup<string, string> byName = paths.ToLookup(path => Path.GetFileNameWithoutExtension(path));
        return [.. paths.Select(path => Path.GetFileNameWithoutExtension(path) is string name && byName[name].Count() == 1 ? name : path)];
    }

    /// <summary>Refuses a file that is named twice.</summary>
    public static void CheckDistinct(string option, string[] paths)
    {
        HashSet<string> seen = [];
        if (paths.FirstOrDefault(path => !seen.Add(Path.GetFullPath(path))) is string twice)
        {
            throw new UsageException($"{option} names '{twice}' twice.");
        }
    }
}
