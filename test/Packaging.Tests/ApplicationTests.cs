using WeakenVersion;

namespace Packaging.Tests;

/// <summary>An application on the packages: built, published in every way, and run, one process a step.</summary>
[TestClass]
public class ApplicationTests
{
    private static readonly string s_folder = Path.Combine(Packages.Folder, "an application");
    private static readonly string s_model = Path.Combine(s_folder, "model.zip");

    private static string[] s_trained = [];

    [ClassInitialize]
    public static void BuildAndTrain(TestContext context)
    {
        Application.CopyTo(s_folder);
        Make("build");
        s_trained = Dotnet.Run(s_folder, Path.Combine(s_folder, "bin/Release/net10.0/Application.dll"), "train", s_model);
    }

    [TestMethod]
    public void A_model_that_one_process_trained_scores_the_same_in_another()
    {
        AssertScores(Dotnet.Run(s_folder, Path.Combine(s_folder, "bin/Release/net10.0/Application.dll"), "score", s_model));
        AssertWeak("bin/Release/net10.0/runtimes/linux-x64/native");
    }

    [TestMethod]
    public void It_is_published_for_any_platform()
    {
        Make("publish", "-o", "any");
        AssertScores(Dotnet.Run(s_folder, Path.Combine(s_folder, "any", "Application.dll"), "score", s_model));
        AssertWeak("any/runtimes/linux-x64/native");
    }

    [TestMethod]
    public void It_is_published_for_one_platform()
    {
        Make("publish", "-o", "one", "-r", Packages.Platform);
        AssertScores(Dotnet.Start(Path.Combine(s_folder, "one", "Application"), s_folder, "score", s_model));
        AssertWeak("one");
    }

    [TestMethod]
    public void It_is_published_as_one_file_that_has_libtorch_inside()
    {
        // The analyzer of single files would be one more package.
        Make("publish", "-o", "file", "-r", Packages.Platform, "--no-self-contained", "-p:PublishSingleFile=true",
            "-p:IncludeNativeLibrariesForSelfExtract=true", "-p:EnableSingleFileAnalyzer=false", "-p:DebugType=none");
        Assert.HasCount(1, Directory.GetFiles(Path.Combine(s_folder, "file")));
        AssertScores(Dotnet.Start(Path.Combine(s_folder, "file", "Application"), s_folder, "score", s_model));
    }

    [TestMethod]
    public void Another_application_scores_it_without_libtorch_once_it_is_in_Onnx()
    {
        string folder = Path.Combine(Packages.Folder, "an application without libtorch"), onnx = Path.Combine(s_folder, "model.onnx");
        string[] exported = Dotnet.Run(s_folder, Path.Combine(s_folder, "bin/Release/net10.0/Application.dll"), "export", s_model, onnx);
        Application.CopyTo(folder, "OnnxApplication");
        Dotnet.Run(folder, ["publish", .. Application.Properties, "-o", "published"]);
        string[] files = Directory.GetFiles(Path.Combine(folder, "published"), "*", SearchOption.AllDirectories);
        Assert.DoesNotContain(file => Path.GetFileName(file).Contains("torch_cpu"), files);
        Assert.Contains(file => Path.GetFileName(file).Contains("onnxruntime"), files);
        string[] scored = Dotnet.Run(folder, Path.Combine(folder, "published", "OnnxApplication.dll"), onnx, "the cat sat on mat 0");
        Assert.AreEqual(double.Parse(exported.Single()), double.Parse(scored.Single()), 1e-3);
    }

    private static void Make(string verb, params string[] options) =>
        Dotnet.Run(s_folder, [verb, .. Application.Properties, .. options]);

    private static void AssertScores(string[] output)
    {
        Assert.HasCount(2, output);
        Assert.AreEqual(s_trained.Single(), output[0]);
        Assert.IsGreaterThan(1, double.Parse(output[1]));
    }

    /// <summary>The output has the marked copy of TorchSharp's library for Linux, and the package cache what it had.</summary>
    private static void AssertWeak(string folder)
    {
        byte[] expected = File.ReadAllBytes(Packages.TorchSharpLibrary);
        Assert.IsTrue(MarkerReference.Weaken(expected), "The file in the package cache was changed.");
        if (Packages.Platform == "linux-x64" || folder.Contains("linux-x64"))
        {
            CollectionAssert.AreEqual(expected, File.ReadAllBytes(Path.Combine(s_folder, folder, "libLibTorchSharp.so")));
        }
    }
}
