using Publicize;

if (args is not [var listPath, var outputDirectory, .. var candidates] || candidates.Length == 0)
{
    Console.Error.WriteLine("usage: Publicize FRIEND-SURFACE OUTPUT-DIRECTORY ASSEMBLY...");
    return 2;
}

try
{
    FriendSurface surface = FriendSurface.Read(listPath);
    Directory.CreateDirectory(outputDirectory);
    foreach (string stale in Directory.EnumerateFiles(outputDirectory, "*.dll"))
    {
        File.Delete(stale);
    }

    foreach ((string assembly, IReadOnlyList<FriendEntry> entries) in surface.Assemblies)
    {
        string original = candidates.FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == assembly)
            ?? throw new FriendSurfaceException($"{listPath}: assembly {assembly} is not among the references.");
        string copy = Path.Combine(outputDirectory, assembly + ".dll");
        File.WriteAllBytes(copy, PublicCopy.Of(File.ReadAllBytes(original), entries, original));
    }

    return 0;
}
catch (Exception exception) when (exception is FriendSurfaceException or IOException or BadImageFormatException)
{
    Console.Error.WriteLine($"Publicize : error FRIEND : {exception.Message}");
    return 1;
}
