using System.Reflection;

namespace Packaging.Tests;

/// <summary>The packages of this repository, packed once for all tests, into a folder with a space in its name.</summary>
[TestClass]
public static class Packages
{
    public static readonly string Repository = RepositoryAbove(AppContext.BaseDirectory);

    /// <summary>The platform this runs on.</summary>
    public static readonly string Platform = Metadata("Platform");

    /// <summary>Where restored packages stand on this machine.</summary>
    public static readonly string Machine = Metadata("MachinePackages");

    /// <summary>A version that no cache has seen.</summary>
    public static readonly string Version = $"0.1.0-test-{Guid.NewGuid():N}";

    public static readonly string Folder = Directory.CreateTempSubdirectory("mos packages ").FullName;

    /// <summary>TorchSharp's library for Linux, as its package has it.</summary>
    public static string TorchSharpLibrary =>
        Path.Combine(Metadata("TorchSharpPackage"), "runtimes/linux-x64/native/libLibTorchSharp.so");

    /// <summary>Where the packed packages are.</summary>
    public static string Packed => Path.Combine(Artifacts, "package", "release");

    public static string Artifacts => Path.Combine(Folder, "artifacts");

    [AssemblyInitialize]
    public static void Pack(TestContext context)
    {
        Pack("src/Microsoft.ML.MixtureOfSoftmaxes");
        Pack("src/Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection");
        Pack("src/Microsoft.ML.MixtureOfSoftmaxes.Onnx");
        Pack("pipelines/mos", "-r", Platform);
        Pack("pipelines/mos", "--no-build");
    }

    [AssemblyCleanup]
    public static void Delete() => Directory.Delete(Folder, recursive: true);

    /// <summary>
    /// What is built for it goes into the folder; the repository's own output, for which the analyzers ran, stays as it is.
    /// </summary>
    private static void Pack(string project, params string[] options) => Dotnet.Run(
        Repository,
        [
            "pack", project, "-c", "Release", "-m:1", "--artifacts-path", Artifacts, $"-p:Version={Version}",
            "-p:ContinuousIntegrationBuild=true", "-p:RunAnalyzers=false", .. options,
        ]);

    private static string RepositoryAbove(string folder) => File.Exists(Path.Combine(folder, "Directory.Packages.props"))
        ? folder
        : RepositoryAbove(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The repository was not found."));

    private static string Metadata(string key) => typeof(Packages).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
