using System.Runtime.InteropServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>
/// Door: the driver of NVIDIA's GPUs, for what TorchSharp has not: free memory, and kernels of our own. All of it happens in the context that
/// libtorch works in, the primary one of a GPU.
/// </summary>
internal sealed unsafe class CudaDriver
{
    private const int ComputeCapabilityMajor = 75, ComputeCapabilityMinor = 76;

    private static readonly Lazy<CudaDriver?> s_instance = new(Load);

    private readonly nint _library;

    private CudaDriver(nint library)
    {
        _library = library;
        Check(((delegate* unmanaged<uint, int>)Export("cuInit"))(0));
    }

    /// <summary>Null where there is no driver, or no GPU that it could drive.</summary>
    public static CudaDriver? Instance => s_instance.Value;

    /// <summary>Bytes of a GPU's memory that nobody holds, and all of them.</summary>
    public (long Free, long Total) Memory(int gpu)
    {
        using Context context = Use(gpu);
        nuint free, total;
        Check(((delegate* unmanaged<nuint*, nuint*, int>)Export("cuMemGetInfo_v2"))(&free, &total));
        return ((long)free, (long)total);
    }

    /// <summary>What a compiler compiles for, such as 90 of an H100.</summary>
    public int Architecture(int gpu) => (10 * Attribute(gpu, ComputeCapabilityMajor)) + Attribute(gpu, ComputeCapabilityMinor);

    /// <summary>Loads compiled kernels.</summary>
    public nint LoadModule(int gpu, ReadOnlySpan<byte> binary)
    {
        using Context context = Use(gpu);
        nint module;
        fixed (byte* image = binary)
        {
            Check(((delegate* unmanaged<nint*, void*, int>)Export("cuModuleLoadData"))(&module, image));
        }

        return module;
    }

    /// <summary>A kernel of a module.</summary>
    public nint Function(int gpu, nint module, string name)
    {
        using Context context = Use(gpu);
        nint function;
        fixed (byte* text = System.Text.Encoding.ASCII.GetBytes(name + '\0'))
        {
            Check(((delegate* unmanaged<nint*, nint, byte*, int>)Export("cuModuleGetFunction"))(&function, module, text));
        }

        return function;
    }

    /// <summary>Runs a kernel in the stream that libtorch's operators run in, after those before it; it is not waited for.</summary>
    /// <param name="gpu">Where.</param>
    /// <param name="function">The kernel.</param>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="threads">The threads of each.</param>
    /// <param name="arguments">One 64-bit slot an argument, the first bytes of which count.</param>
    public void Launch(int gpu, nint function, int blocks, int threads, ReadOnlySpan<long> arguments)
    {
        using Context context = Use(gpu);
        void** places = stackalloc void*[arguments.Length];
        fixed (long* first = arguments)
        {
            for (int i = 0; i < arguments.Length; i++)
            {
                places[i] = first + i;
            }

            Check(((delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Export("cuLaunchKernel"))(
                function, (uint)blocks, 1, 1, (uint)threads, 1, 1, 0, TensorPointer.CurrentStream(gpu), places, null));
        }
    }

    private static CudaDriver? Load()
    {
        try
        {
            return NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out nint library) ? new(library) : null;
        }
        catch (CudaException)
        {
            return null;
        }
    }

    private int Attribute(int gpu, int attribute)
    {
        int value;
        Check(((delegate* unmanaged<int*, int, int, int>)Export("cuDeviceGetAttribute"))(&value, attribute, gpu));
        return value;
    }

    /// <summary>The context of a GPU on this thread until disposed.</summary>
    private Context Use(int gpu)
    {
        nint context;
        Check(((delegate* unmanaged<nint*, int, int>)Export("cuDevicePrimaryCtxRetain"))(&context, gpu));
        Check(((delegate* unmanaged<nint, int>)Export("cuCtxPushCurrent_v2"))(context));
        return new(this, gpu);
    }

    private void Leave(int gpu)
    {
        nint context;
        _ = ((delegate* unmanaged<nint*, int>)Export("cuCtxPopCurrent_v2"))(&context);
        _ = ((delegate* unmanaged<int, int>)Export("cuDevicePrimaryCtxRelease_v2"))(gpu);
    }

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);

    private void Check(int error)
    {
        if (error != 0)
        {
            byte* text;
            int unknown = ((delegate* unmanaged<int, byte**, int>)Export("cuGetErrorString"))(error, &text);
            throw new CudaException(unknown != 0 ? $"error {error}" : Marshal.PtrToStringAnsi((nint)text)!);
        }
    }

    private readonly ref struct Context(CudaDriver driver, int gpu)
    {
        public void Dispose() => driver.Leave(gpu);
    }
}

/// <summary>The driver of a GPU, or the compiler for one, refuses something.</summary>
internal sealed class CudaException(string reason) : InvalidOperationException($"CUDA: {reason}.");
