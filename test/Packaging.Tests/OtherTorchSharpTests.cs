using System.IO.Compression;

namespace Packaging.Tests;

/// <summary>An application that asks for a TorchSharp that the library was not made for.</summary>
[TestClass]
public class OtherTorchSharpTests
{
    [TestMethod]
    public void A_newer_one_is_an_error_of_the_build_that_says_which_is_needed()
    {
        StringAssert.Contains(BuildWith("0.108.0"), "runs on TorchSharp 0.107, and this project references 0.108.0. Reference 0.107.0");
    }

    [TestMethod]
    public void An_older_one_is_an_error_of_restore()
    {
        StringAssert.Contains(BuildWith("0.106.0"), "NU1605");
    }

    /// <summary>What is said of it. The other version is a package of that name with nothing in it.</summary>
    private static string BuildWith(string version)
    {
        using (ZipArchive package = ZipFile.Open(Path.Combine(Packages.Packed, $"TorchSharp.{version}.nupkg"), ZipArchiveMode.Create))
        {
            using (var nuspec = new StreamWriter(package.CreateEntry("TorchSharp.nuspec").Open()))
            {
                nuspec.Write($"""
                    <package><metadata>
                      <id>TorchSharp</id><version>{version}</version><authors>test</authors><description>test</description>
                    </metadata></package>
                    """);
            }

            package.CreateEntry("lib/net8.0/TorchSharp.dll");
        }

        string folder = Path.Combine(Packages.Folder, $"on TorchSharp {version}");
        Application.CopyTo(folder);
        string project = Path.Combine(folder, "Application.csproj");
        File.WriteAllText(project, File.ReadAllText(project)
            .Replace("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", "")
            .Replace("</Project>", $"""<ItemGroup><PackageReference Include="TorchSharp" Version="{version}" /></ItemGroup></Project>"""));
        return Dotnet.Fail(folder, ["build", .. Application.Properties]);
    }
}
