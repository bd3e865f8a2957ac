using WeakenVersion;

if (args is not [var original, var copy])
{
    Console.Error.WriteLine("usage: WeakenVersion SHARED-LIBRARY COPY");
    return 2;
}

try
{
    byte[] image = File.ReadAllBytes(original);
    MarkerReference.Weaken(image);

    // The original may be a hard link into the package cache, and so may an older copy: a new file takes its place.
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(copy))!);
    string beside = $"{copy}.{Environment.ProcessId}.tmp";
    File.WriteAllBytes(beside, image);
    File.Move(beside, copy, overwrite: true);
    return 0;
}
catch (Exception exception) when (exception is BadImageFormatException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"WeakenVersion : error WEAKEN : {original}: {exception.Message}");
    return 1;
}
