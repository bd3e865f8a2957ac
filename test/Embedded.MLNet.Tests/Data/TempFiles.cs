namespace Embedded.MLNet.Tests.Data;

/// <summary>Files of a test in a folder that goes with it.</summary>
internal sealed class TempFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnet-tests-");

    public string Folder => _folder.FullName;

    public string Write(string text, string name = "data.txt")
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
