namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mos-tests-");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string[] FileNames => [.. _folder.GetFiles().Select(file => file.Name)];

    public void Dispose() => _folder.Delete(recursive: true);
}
