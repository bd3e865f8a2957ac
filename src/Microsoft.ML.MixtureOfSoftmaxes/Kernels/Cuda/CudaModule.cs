using System.Collections.Concurrent;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>The kernels of one GPU: compiled when they are first needed, kept as long as the process.</summary>
internal sealed class CudaModule : IKernelLauncher
{
    private const string Resource = "Mixtures.cu";

    private static readonly ConcurrentDictionary<int, Lazy<(CudaModule? Module, string? Reason)>> s_modules = new();

    private readonly CudaDriver _driver;
    private readonly int _gpu;
    private readonly nint _module;
    private readonly ConcurrentDictionary<string, nint> _functions = new();

    private CudaModule(CudaDriver driver, CudaCompiler compiler, int gpu)
    {
        _driver = driver;
        _gpu = gpu;
        _module = driver.LoadModule(gpu, compiler.Compile(Source(), driver.Architecture(gpu)));
    }

    /// <summary>The kernels of a GPU; null where there can be none.</summary>
    public static CudaModule? Of(int gpu) => Get(gpu).Module;

    /// <summary>Why a GPU has no kernels; null where it has some.</summary>
    public static string? WhyNot(int gpu) => Get(gpu).Reason;

    /// <inheritdoc/>
    public void Launch(string kernel, int blocks, int threads, params ReadOnlySpan<long> arguments) => _driver.Launch(
        _gpu, _functions.GetOrAdd(kernel, name => _driver.Function(_gpu, _module, name)), blocks, threads, arguments);

    /// <summary>The source of all kernels.</summary>
    internal static string Source()
    {
        using var reader = new StreamReader(typeof(CudaModule).Assembly.GetManifestResourceStream(Resource)!);
        return reader.ReadToEnd();
    }

    private static (CudaModule? Module, string? Reason) Get(int gpu) =>
        s_modules.GetOrAdd(gpu, id => new(() => Load(id))).Value;

    private static (CudaModule? Module, string? Reason) Load(int gpu)
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
            return (new(driver, compiler, gpu), null);
        }
        catch (Exception e) when (e is CudaException or EntryPointNotFoundException)
        {
            return (null, e.Message);
        }
    }
}
