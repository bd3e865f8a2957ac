using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Interop;

/// <summary>The first run of an application that has no libtorch, or one that does not load.</summary>
[TestClass]
public sealed class LibTorchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LibTorchTests()
    {
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.*"))
        {
            if (Path.GetExtension(file) is ".dll" or ".json")
            {
                File.Copy(file, _folder.PathOf(Path.GetFileName(file)));
            }
        }

        string native = Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).Single();
        File.Copy(native, _folder.PathOf("libLibTorchSharp.so"));
        File.WriteAllText(_folder.PathOf("text.txt"), "a b\n");
    }

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void An_application_without_libtorch_is_told_which_package_to_add()
    {
        // A system may have an older libtorch of its own, which is found then and does not fit.
        Assert.MatchesRegex(
            "^mos: libtorch(, which does the computing, was not found: | was found but cannot be loaded: .*undefined symbol.*, )" +
            "add the package TorchSharp-cpu ",
            Train().Single());
    }

    [TestMethod]
    public void What_the_loader_has_against_libtorch_is_said()
    {
        foreach (string name in (string[])["libtorch.so", "libtorch_cpu.so", "libc10.so"])
        {
            File.WriteAllText(_folder.PathOf(name), "no library");
        }

        Assert.MatchesRegex("^mos: libtorch was found but cannot be loaded: .*libtorch.so: file too short.*restore and publish", Train().Single());
    }

    /// <summary>What training says on standard error; nothing of it may be printed by others.</summary>
    private string[] Train()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("The loader's messages are those of Linux.");
        }

        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "exec", _folder.PathOf("mos.dll"), "train", "--train", _folder.PathOf("text.txt"), "--model", _folder.PathOf("m.zip") },
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        Assert.IsTrue(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.AreEqual(1, process.ExitCode);
        Assert.AreEqual("", output.Result);
        return errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
