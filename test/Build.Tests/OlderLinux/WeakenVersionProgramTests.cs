using System.Diagnostics;
using System.Runtime.InteropServices;
using WeakenVersion;

namespace Build.Tests.OlderLinux;

/// <summary>The program that the build runs: original in, copy out.</summary>
[TestClass]
public sealed partial class WeakenVersionProgramTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory(nameof(WeakenVersionProgramTests)).FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void The_copy_is_marked_and_its_folder_is_made()
    {
        byte[] image = MadeUpLibrary.WithMarker().ToArray();
        string original = Write("original.so", image);
        string copy = Path.Combine(_folder, "obj", "weak", "copy.so");

        Assert.AreEqual((0, ""), Run(original, copy));

        MarkerReference.Weaken(image);
        CollectionAssert.AreEqual(image, File.ReadAllBytes(copy));
        Assert.HasCount(1, Directory.GetFiles(Path.GetDirectoryName(copy)!));
    }

    /// <summary>Outputs may be hard links into the package cache: whoever writes into one writes into all.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void The_original_and_its_hard_links_stay_as_they_are()
    {
        byte[] image = MadeUpLibrary.WithMarker().ToArray();
        string original = Write("original.so", image);
        string[] links = [Path.Combine(_folder, "copy.so"), Path.Combine(_folder, "other.so")];
        Array.ForEach(links, link => Assert.AreEqual(0, HardLink(original, link)));

        Assert.AreEqual((0, ""), Run(original, links[0]));

        CollectionAssert.AreNotEqual(image, File.ReadAllBytes(links[0]));
        CollectionAssert.AreEqual(image, File.ReadAllBytes(original));
        CollectionAssert.AreEqual(image, File.ReadAllBytes(links[1]));
    }

    [TestMethod]
    public void What_cannot_be_done_is_an_error_of_the_build_that_names_the_file_and_the_reason()
    {
        string cut = Write("cut.so", MadeUpLibrary.WithMarker().ToArray()[..^1]);
        string copy = Path.Combine(_folder, "copy.so");

        (int exitCode, string error) = Run(cut, copy);
        Assert.AreEqual(1, exitCode);
        Assert.AreEqual($"WeakenVersion : error WEAKEN : {cut}: It is cut short or damaged. Restore the packages again.", error);
        Assert.IsFalse(File.Exists(copy));

        (exitCode, error) = Run(Path.Combine(_folder, "none.so"), copy);
        Assert.AreEqual(1, exitCode);
        StringAssert.Contains(error, "none.so");
    }

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static (int ExitCode, string Error) Run(string original, string copy)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string program = typeof(MarkerReference).Assembly.Location;
        var start = new ProcessStartInfo(host, [program, original, copy]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error.TrimEnd());
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string existing, string link);
}
