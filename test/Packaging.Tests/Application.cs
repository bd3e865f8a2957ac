namespace Packaging.Tests;

/// <summary>The project in the folder of that name: an application on the packages alone.</summary>
internal static class Application
{
    /// <summary>What its builds are told.</summary>
    public static string[] Properties =>
    [
        "-c", "Release", $"-p:TestedVersion={Packages.Version}", $"-p:TestedPackages={Packages.Packed}",
        $"-p:MachinePackages={Packages.Machine}", $"-p:TestedPlatform={Packages.Platform}",
    ];

    /// <param name="folder">Where to.</param>
    /// <param name="name">The project; another one than the application that this class is named after.</param>
    public static void CopyTo(string folder, string name = nameof(Application))
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, name)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }
}
