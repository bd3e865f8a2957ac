namespace Mos.Output;

/// <summary>Text files that are whole or not there: written beside their place and renamed when complete.</summary>
internal static class WholeFile
{
    public static void Write(string path, Action<TextWriter> write)
    {
        string beside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (StreamWriter writer = File.CreateText(beside))
            {
                write(writer);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>Makes the folder of a file to be written later, so that a place that cannot be written is known at once.</summary>
    public static void Prepare(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        if (Directory.Exists(path))
        {
            throw new IOException($"'{path}' is a folder; name a file to write.");
        }

        File.Create(Path.Combine(folder, $"{Guid.NewGuid():N}.tmp"), 1, FileOptions.DeleteOnClose).Dispose();
    }
}
