using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;

namespace Packaging.Tests;

/// <summary>What is in the packages, and what they say of themselves.</summary>
[TestClass]
public class PackageTests
{
    private const string Library = "Microsoft.ML.MixtureOfSoftmaxes";
    private const string DependencyInjection = "Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection";
    private const string Onnx = "Microsoft.ML.MixtureOfSoftmaxes.Onnx";
    private const string Tool = "Microsoft.ML.MixtureOfSoftmaxes.Tool";

    private static readonly string s_platformTool = $"{Tool}.{Packages.Platform}";

    [TestMethod]
    public void Each_says_what_it_is()
    {
        foreach (string id in (string[])[Library, DependencyInjection, Onnx, Tool, s_platformTool])
        {
            using ZipArchive package = Open(id);
            XElement metadata = Nuspec(package);
            string Of(string name) => metadata.Element(metadata.Name.Namespace + name)?.Value ?? "";

            Assert.AreEqual(id, Of("id"));
            Assert.AreEqual("MIT", Of("license"));
            Assert.AreNotEqual("Package Description", Of("description"));
            StringAssert.Contains(Of("tags"), "mixture-of-softmaxes");
            Assert.IsNotNull(package.GetEntry(Of("icon")), $"{id} has no icon.");
            using var readme = new StreamReader(package.GetEntry(Of("readme"))!.Open());
            StringAssert.StartsWith(readme.ReadLine(), "# ");
        }
    }

    [TestMethod]
    public void A_library_leaves_libtorch_to_the_application_and_its_tools_at_home()
    {
        foreach (string id in (string[])[Library, DependencyInjection, Onnx])
        {
            using ZipArchive package = Open(id);
            string[] dependencies = [.. Nuspec(package).Descendants().Attributes("id").Select(attribute => attribute.Value)];
            Assert.AreNotEqual(0, dependencies.Length);
            Assert.DoesNotContain(name => name.StartsWith("libtorch") || name.StartsWith("TorchSharp-"), dependencies);
            Assert.DoesNotContain(name => name.Contains("Analyzers"), dependencies);
        }
    }

    [TestMethod]
    public void The_library_brings_the_step_for_older_Linux()
    {
        using ZipArchive package = Open(Library);
        CollectionAssert.IsSubsetOf(
            new[]
            {
                $"buildTransitive/{Library}.targets",
                "buildTransitive/OlderLinux.targets",
                "tools/WeakenVersion/WeakenVersion.dll",
                "tools/WeakenVersion/WeakenVersion.runtimeconfig.json",
            },
            Names(package));
    }

    [TestMethod]
    public void The_symbols_of_a_library_name_its_sources_by_their_place_in_the_repository()
    {
        if (!Path.Exists(Path.Combine(Packages.Repository, ".git")))
        {
            Assert.Inconclusive("Without git the place of a source in the repository is not known.");
        }

        foreach (string id in (string[])[Library, DependencyInjection, Onnx])
        {
            using ZipArchive symbols = Open(id, "snupkg");
            using var content = new MemoryStream();
            symbols.GetEntry($"lib/net10.0/{id}.pdb")!.Open().CopyTo(content);
            content.Position = 0;
            using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(content);
            MetadataReader reader = provider.GetMetadataReader();
            string[] sources =
            [
                .. reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name))
                    .Where(name => !name.StartsWith(Packages.Artifacts)),
            ];
            Assert.AreNotEqual(0, sources.Length);
            foreach (string source in sources)
            {
                StringAssert.StartsWith(source, $"/_/src/{id}/");
            }
        }
    }

    [TestMethod]
    public void The_tool_names_its_platforms_and_brings_the_libtorch_of_one()
    {
        using ZipArchive pointer = Open(Tool);
        using var settings = new StreamReader(pointer.GetEntry("tools/any/any/DotnetToolSettings.xml")!.Open());
        string[] platforms =
        [
            .. XDocument.Parse(settings.ReadToEnd()).Descendants("RuntimeIdentifierPackage")
                .Select(package => package.Attribute("RuntimeIdentifier")!.Value),
        ];
        CollectionAssert.AreEquivalent(new[] { "linux-x64", "win-x64", "win-arm64", "osx-arm64" }, platforms);
        Assert.DoesNotContain(name => name.Contains("torch"), Names(pointer));

        using ZipArchive tool = Open(s_platformTool);
        Assert.ContainsSingle(name => Path.GetFileNameWithoutExtension(name) is "libtorch_cpu" or "torch_cpu", Names(tool));
        Assert.DoesNotContain(name => name.Contains("torch_python"), Names(tool));
    }

    private static ZipArchive Open(string id, string extension = "nupkg") =>
        ZipFile.OpenRead(Path.Combine(Packages.Packed, $"{id}.{Packages.Version}.{extension}"));

    private static XElement Nuspec(ZipArchive package)
    {
        using Stream nuspec = package.Entries.Single(entry => entry.Name.EndsWith(".nuspec")).Open();
        return XDocument.Load(nuspec).Root!.Elements().Single();
    }

    private static string[] Names(ZipArchive package) => [.. package.Entries.Select(entry => entry.FullName)];
}
