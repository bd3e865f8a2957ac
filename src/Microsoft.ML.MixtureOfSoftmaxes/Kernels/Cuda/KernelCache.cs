using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// Compiled kernels on the disk, so that a process does not wait for the compiler. A file is of one source, kind of GPU and version of the
/// compiler; it begins with the checksum of what follows, and what is not whole, or what the driver does not take, is compiled again.
/// </summary>
/// <param name="folder">Where they are kept; null for nowhere.</param>
internal sealed class KernelCache(string? folder)
{
    /// <summary>What <see cref="AppContext"/> has the folder as; an empty one keeps nothing.</summary>
    public const string Option = "Microsoft.ML.MixtureOfSoftmaxes.KernelCache";

    /// <summary>That of the process: the folder of the option, or one among the user's caches.</summary>
    public static KernelCache Default => new(AppContext.GetData(Option) switch
    {
        "" => null,
        string chosen => chosen,
        _ => UserFolder(),
    });

    /// <summary>Loads kernels, from the disk if they are there; says where they came from.</summary>
    /// <param name="compiler">Compiles them if not.</param>
    /// <param name="source">CUDA C.</param>
    /// <param name="architecture">The kind of GPU.</param>
    /// <param name="load">Gives them to the driver.</param>
    /// <exception cref="CudaException">They do not compile, or the driver does not take what was compiled just now.</exception>
    public (T Loaded, string Origin) Load<T>(IKernelCompiler compiler, string source, int architecture, Func<byte[], T> load)
    {
        string? path = folder is null ? null : Path.Combine(folder, Name(compiler, source, architecture));
        if (path is not null && Read(path) is byte[] kept)
        {
            try
            {
                return (load(kept), $"read from '{path}'");
            }
            catch (CudaException)
            {
                // Made for another driver, it may be; the compiler's are for this one.
            }
        }

        long start = Stopwatch.GetTimestamp();
        byte[] binary = compiler.Compile(source, architecture);
        string origin = FormattableString.Invariant(
            $"compiled for sm_{architecture} by NVRTC {compiler.Version} in {Stopwatch.GetElapsedTime(start).TotalSeconds:N1} s");
        T loaded = load(binary);
        return (loaded, path is null ? origin : $"{origin}, {Write(path, binary)}");
    }

    private static string Name(IKernelCompiler compiler, string source, int architecture)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)));
        return $"{hash[..32]}-sm_{architecture}-nvrtc-{compiler.Version}.cubin";
    }

    /// <summary>Null if it is not there, or not whole.</summary>
    private static byte[]? Read(string path)
    {
        try
        {
            byte[] file = File.ReadAllBytes(path);
            return file.Length > SHA256.HashSizeInBytes
                && SHA256.HashData(file.AsSpan(SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(file.AsSpan(0, SHA256.HashSizeInBytes))
                    ? file[SHA256.HashSizeInBytes..]
                    : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps them if that is possible; says whether it was.</summary>
    private static string Write(string path, byte[] binary)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, stream =>
            {
                stream.Write(SHA256.HashData(binary));
                stream.Write(binary);
            });
            return $"kept as '{path}'";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return $"not kept: {e.Message.TrimEnd('.')}";
        }
    }

    /// <summary>Null for a user without a home.</summary>
    private static string? UserFolder()
    {
        string caches = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } chosen ? chosen
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".cache")
            : "";
        return Path.IsPathFullyQualified(caches) ? Path.Combine(caches, "Microsoft.ML.MixtureOfSoftmaxes") : null;
    }
}
