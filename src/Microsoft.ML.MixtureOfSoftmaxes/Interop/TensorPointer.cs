using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>
/// Door: where the numbers of a tensor stand, on whatever device, and the stream in which a GPU works. TorchSharp shows neither; libtorch's stable C
/// interface does.
/// </summary>
internal static partial class TensorPointer
{
    /// <summary>Where the first element of a tensor stands; valid as long as the tensor is alive. Zero for no tensor.</summary>
    public static nint Of(torch.Tensor? tensor)
    {
        if (tensor is null)
        {
            return 0;
        }

        Check(GetDataPointer(tensor.Handle, out nint pointer), "the memory of a tensor");
        return pointer;
    }

    /// <summary>The stream of a GPU in which libtorch's operators run that this thread calls.</summary>
    public static nint CurrentStream(int gpu)
    {
        Check(GetCurrentStream(gpu, out nint stream), "the stream of a GPU");
        return stream;
    }

    private static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"libtorch does not tell {what}; what is wrong stands on standard error.");
        }
    }

    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_get_data_ptr")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial int GetDataPointer(nint tensor, out nint pointer);

    [LibraryImport("torch_cuda", EntryPoint = "aoti_torch_get_current_cuda_stream")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial int GetCurrentStream(int gpu, out nint stream);
}
