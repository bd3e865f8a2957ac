using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>Door: NVRTC, which compiles CUDA C at run time, and which lies beside every libtorch for CUDA.</summary>
internal sealed unsafe class CudaCompiler : IKernelCompiler
{
    private const string Standard = "c++17";

    private static readonly string[] s_librariesOfCuda = ["torch_cuda", "c10_cuda", "cudart", "cublas"];

    private readonly nint _library;

    private CudaCompiler(nint library) => _library = library;

    /// <summary>Loads it; null where it is not found.</summary>
    public static CudaCompiler? Find()
    {
        foreach (string candidate in Candidates(LoadedFiles()))
        {
            if (NativeLibrary.TryLoad(candidate, out nint library))
            {
                return new(library);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public string Version
    {
        get
        {
            int major, minor;
            Check(((delegate* unmanaged<int*, int*, int>)Export("nvrtcVersion"))(&major, &minor));
            return $"{major}.{minor}-{Standard}";
        }
    }

    /// <inheritdoc/>
    public byte[] Compile(string source, int architecture)
    {
        nint program;
        fixed (byte* text = Encoding.UTF8.GetBytes(source + '\0'), name = "kernels.cu\0"u8)
        {
            Check(((delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)Export("nvrtcCreateProgram"))(
                &program, text, name, 0, null, null));
        }

        try
        {
            byte** options = stackalloc byte*[2];
            fixed (byte* target = Encoding.ASCII.GetBytes($"--gpu-architecture=sm_{architecture}\0"),
                standard = Encoding.ASCII.GetBytes($"--std={Standard}\0"))
            {
                options[0] = target;
                options[1] = standard;
                int error = ((delegate* unmanaged<nint, int, byte**, int>)Export("nvrtcCompileProgram"))(program, 2, options);
                if (error != 0)
                {
                    throw new CudaException($"{Describe(error)}: {Encoding.UTF8.GetString(Get(program, "nvrtcGetProgramLog")).TrimEnd('\0', '\n')}");
                }
            }

            return Get(program, "nvrtcGetCUBIN");
        }
        finally
        {
            _ = ((delegate* unmanaged<nint*, int>)Export("nvrtcDestroyProgram"))(&program);
        }
    }

    /// <summary>
    /// Names by which it may be found: on the library path by its usual ones, then beside the libraries of CUDA that the process has loaded, where
    /// packages give it a name with a hash in it.
    /// </summary>
    internal static IEnumerable<string> Candidates(IEnumerable<string> loadedFiles)
    {
        string[] usual = OperatingSystem.IsWindows()
            ? ["nvrtc64_130_0.dll", "nvrtc64_120_0.dll"]
            : ["libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so"];
        IEnumerable<string> folders = loadedFiles
            .Where(file => IsOfCuda(Path.GetFileName(file)))
            .Select(file => Path.GetDirectoryName(file)!)
            .Distinct();
        return usual.Concat(folders.SelectMany(
            folder => Directory.EnumerateFiles(folder, "*nvrtc*").Where(IsCompiler).Order(StringComparer.Ordinal)));
    }

    private static bool IsOfCuda(string file) =>
        s_librariesOfCuda.Any(name => file.Contains(name, StringComparison.Ordinal));

    // Beside it lie its builtins, its variant and libtorch's wrapper of it.
    private static bool IsCompiler(string path)
    {
        string file = Path.GetFileName(path);
        return file.StartsWith(OperatingSystem.IsWindows() ? "nvrtc64" : "libnvrtc", StringComparison.Ordinal)
            && !file.Contains("builtins", StringComparison.Ordinal) && !file.Contains(".alt", StringComparison.Ordinal);
    }

    private static IEnumerable<string> LoadedFiles()
    {
        using var process = Process.GetCurrentProcess();
        return [.. process.Modules.Cast<ProcessModule>().Select(module => module.FileName)];
    }

    private byte[] Get(nint program, string what)
    {
        nuint size;
        Check(((delegate* unmanaged<nint, nuint*, int>)Export(what + "Size"))(program, &size));
        byte[] bytes = new byte[size];
        fixed (byte* first = bytes)
        {
            Check(((delegate* unmanaged<nint, byte*, int>)Export(what))(program, first));
        }

        return bytes;
    }

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);

    private void Check(int error)
    {
        if (error != 0)
        {
            throw new CudaException(Describe(error));
        }
    }

    private string Describe(int error) =>
        Marshal.PtrToStringAnsi(((delegate* unmanaged<int, nint>)Export("nvrtcGetErrorString"))(error)) ?? $"error {error} of the compiler";
}
