using System.Reflection;
using WeakenVersion;

namespace Build.Tests.OlderLinux;

/// <summary>The same step on TorchSharp's own library, from its package and in the output of this very project.</summary>
[TestClass]
public class TorchSharpLibraryTests
{
    private const string RelativePath = "runtimes/linux-x64/native/libLibTorchSharp.so";

    private static readonly byte[] s_original = File.ReadAllBytes(Path.Combine(PackageFolder(), RelativePath));

    [TestMethod]
    public void One_bit_is_changed_and_then_none()
    {
        byte[] copy = [.. s_original];
        Assert.IsTrue(MarkerReference.Weaken(copy), "The package's own file is marked already.");
        Assert.AreEqual(1, Enumerable.Range(0, copy.Length).Count(i => copy[i] != s_original[i]));
        Assert.IsFalse(MarkerReference.Weaken(copy));
    }

    [TestMethod]
    public void The_output_has_the_marked_copy()
    {
        byte[] copy = [.. s_original];
        MarkerReference.Weaken(copy);
        CollectionAssert.AreEqual(copy, File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, RelativePath)));
    }

    /// <summary>What docs/packages.md says of Debian 12 (glibc 2.36, GCC 12) and Ubuntu 22.04 (glibc 2.35, GCC 12).</summary>
    [TestMethod]
    [DataRow("GLIBC_", "2.34")]
    [DataRow("GLIBCXX_", "3.4.30")]
    [DataRow("CXXABI_", "1.3.13")]
    public void But_for_the_marker_it_needs_no_newer_system_than_documented(string prefix, string newest)
    {
        Version[] needed =
        [
            .. new SharedLibrary(s_original).VersionReferences()
                .Where(reference => reference.Version.StartsWith(prefix) && reference.Version != MarkerReference.Version)
                .Select(reference => Version.Parse(reference.Version[prefix.Length..])),
        ];
        Assert.AreEqual(Version.Parse(newest), needed.Max());
    }

    [TestMethod]
    public void Cut_short_it_is_refused()
    {
        int[] lengths = [0, 1, 63, 64, 200, 4096, s_original.Length / 3, s_original.Length / 2, s_original.Length - 1];
        foreach (int length in lengths)
        {
            byte[] cut = s_original[..length];
            Assert.ThrowsExactly<BadImageFormatException>(() => MarkerReference.Weaken(cut), $"of {length} bytes");
        }
    }

    private static string PackageFolder() => typeof(TorchSharpLibraryTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "TorchSharpPackage").Value!;
}
