namespace Build.Tests;

/// <summary>Files of this repository, found from the build output upwards.</summary>
internal static class Files
{
    public static string Root => Path.GetDirectoryName(Find("Microsoft.ML.MixtureOfSoftmaxes.sln"))!;

    public static string FriendSurface => Find("src/Microsoft.ML.MixtureOfSoftmaxes/Interop/FriendSurface.txt");

    private static string Find(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, relative);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException($"There is no {relative} above {AppContext.BaseDirectory}.");
    }
}
