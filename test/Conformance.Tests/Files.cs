namespace Conformance.Tests;

/// <summary>Files beside the build output: of this repository, and of the official listings where they are at hand.</summary>
internal static class Files
{
    public static string Listings => Find("test/Conformance.Tests/Listings")!;

    public static string FriendSurface => Find("src/Microsoft.ML.MixtureOfSoftmaxes/Persistence/FriendSurface.txt")!;

    /// <summary>The official listings, or null where this checkout has no <c>../shared/api</c>.</summary>
    public static string? OfficialListings => Find("shared/api");

    private static string? Find(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, relative);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
