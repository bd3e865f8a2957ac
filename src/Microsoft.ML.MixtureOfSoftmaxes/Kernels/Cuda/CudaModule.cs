using System.Collections.Concurrent;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>The kernels of one GPU: loaded, and compiled if need be, when they are first needed; kept as long as the process.</summary>
internal sealed class CudaModule : IKernelLauncher
{
    private static readonly string[] s_sources = ["Mixtures.cu", "Gates.cu", "Masks.cu"];

    private static readonly ConcurrentDictionary<int, Lazy<(CudaModule? Module, string How)>> s_modules = new();

    private readonly CudaDriver _driver;
    private readonly int _gpu;
    private readonly nint _module;
    private readonly ConcurrentDictionary<string, nint> _functions = new();

    private CudaModule(CudaDriver driver, int gpu, nint module)
    {
        _driver = driver;
        _gpu = gpu;
        _module = module;
    }

    /// <summary>The kernels of a GPU; null where there can be none.</summary>
    public static CudaModule? Of(int gpu) => Get(gpu).Module;

    /// <summary>Where the kernels of a GPU came from, or why it has none.</summary>
    public static string How(int gpu) => Get(gpu).How;

    /// <inheritdoc/>
    public void Launch(string kernel, int blocks, int threads, params ReadOnlySpan<long> arguments) => _driver.Launch(
        _gpu, _functions.GetOrAdd(kernel, name => _driver.Function(_gpu, _module, name)), blocks, threads, arguments);

    /// <summary>The source of all kernels.</summary>
    internal static string Source()
    {
        return string.Concat(s_sources.Select(Read));

        static string Read(string name)
        {
            using var reader = new StreamReader(typeof(CudaModule).Assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }

    private static (CudaModule? Module, string How) Get(int gpu) =>
        s_modules.GetOrAdd(gpu, id => new(() => Load(id))).Value;

    private static (CudaModule? Module, string How) Load(int gpu)
    {
        if (CudaDriver.Instance is not CudaDriver driver)
        {
            return (null, "CUDA has no driver here");
        }

        if (CudaCompiler.Find() is not CudaCompiler compiler)
        {
            return (null, "NVRTC, CUDA's run-time compiler, was not found on the library path or beside libtorch's libraries of CUDA");
        }

        try
        {
            (nint module, string origin) = KernelCache.Default.Load(
                compiler, Source(), driver.Architecture(gpu), binary => driver.LoadModule(gpu, binary));
            return (new(driver, gpu, module), origin);
        }
        catch (Exception e) when (e is CudaException or EntryPointNotFoundException)
        {
            return (null, e.Message);
        }
    }
}
