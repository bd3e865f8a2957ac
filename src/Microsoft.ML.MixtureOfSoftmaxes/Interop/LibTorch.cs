using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>
/// Door: libtorch is there before TorchSharp looks for it. TorchSharp, where it finds none, prints a trace, copies libtorch out of the
/// package cache into the application's folder if it can, and fails in a static constructor; here one error says what to add.
/// </summary>
internal static class LibTorch
{
    private const string NativeLibraryName = "LibTorchSharp", TorchName = "torch_cpu";
    private const string NotFound = "cannot open shared object file: No such file or directory";

    private static readonly string[] s_platforms = ["linux-x64", "win-x64", "win-arm64", "osx-arm64"];

    private static bool s_isLoaded;

    /// <exception cref="DllNotFoundException">libtorch is not there or does not load; the message says what to do.</exception>
    public static void Load()
    {
        if (s_isLoaded)
        {
            return;
        }

        Assembly torchSharp = typeof(torch).Assembly;
        if (!IsInPackageCache(torchSharp))
        {
            Load(torchSharp);
        }

        s_isLoaded = true;
    }

    /// <summary>
    /// A notebook or script runs TorchSharp from where the package lies, and only TorchSharp knows the way from there. In an application
    /// of one file no assembly has a place.
    /// </summary>
    private static bool IsInPackageCache(Assembly torchSharp) =>
        torchSharp.Location.Length > 0
        && Directory.GetParent(torchSharp.Location)?.Parent?.Name == "lib"
        && File.Exists(Path.Combine(torchSharp.Location, "..", "..", "..", "torchsharp.nuspec"));

    // The order that TorchSharp has, too: on Windows libtorch must be in the process before the library that needs it.
    private static void Load(Assembly torchSharp)
    {
        string reason = TryLoad(TorchName, torchSharp);
        string nativeReason = TryLoad(NativeLibraryName, torchSharp);
        if (nativeReason.Length > 0)
        {
            throw new DllNotFoundException(Explain($"{reason}\n{nativeReason}"));
        }
    }

    /// <summary>Nothing, or what the loader says.</summary>
    private static string TryLoad(string name, Assembly torchSharp)
    {
        try
        {
            NativeLibrary.Load(name, torchSharp, null);
            return "";
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e.Message;
        }
    }

    private static string Explain(string loaderSays)
    {
        string platform = Platform();
        if (!s_platforms.Contains(platform))
        {
            return $"TorchSharp has no native library for this platform, {platform}: it runs on {string.Join(", ", s_platforms)}.";
        }

        // A line for each file that was tried; that a file is not there is no news, and what precedes the lines is general advice.
        string[] reasons =
        [
            .. loaderSays.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.StartsWith("Unable to load", StringComparison.Ordinal) && !line.EndsWith(NotFound, StringComparison.Ordinal))
                .Distinct(),
        ];
        const string Package =
            "add the package TorchSharp-cpu to the application (TorchSharp-cuda-linux or TorchSharp-cuda-windows for a GPU), of the version " +
            "that TorchSharp has; or put a libtorch of your own, 2.10 or newer, on the library path";
        return reasons.Length == 0
            ? $"libtorch, which does the computing, was not found: {Package}."
            : $"libtorch was found but cannot be loaded: {string.Join("; ", reasons)}. {Remedy(reasons, Package)}";
    }

    private static string Remedy(string[] reasons, string package) => reasons.Any(reason => reason.Contains("GLIBCXX", StringComparison.Ordinal))
        ? "The C++ runtime of this system is older than the library asks for: build the application against the package " +
          "Microsoft.ML.MixtureOfSoftmaxes, whose build step makes the library fit, or install the runtime of GCC 13."
        : $"If it is another libtorch than TorchSharp's, {package}; else restore and publish the application anew.";

    private static string Platform()
    {
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsLinux() ? "linux" : "other";
        string libc = RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "-musl" : "";
        return $"{system}{libc}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }
}
