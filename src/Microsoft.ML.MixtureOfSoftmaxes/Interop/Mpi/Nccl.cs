using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>
/// Door: sums over the GPUs of the processes by NCCL, on libtorch's stream, which is the default one. The processes meet by MPI, which is
/// also what notices that one is missing: a sum is started only when all have just answered.
/// </summary>
/// <remarks>Not tried yet on a machine with several GPUs.</remarks>
internal sealed unsafe class Nccl
{
    private const int Float = 7, Sum = 0;

    // libtorch has NCCL in it, or beside it.
    private static readonly string[] s_libraries = ["libnccl.so.2", "libtorch_cuda.so"];

    private readonly delegate* unmanaged<void*, void*, nuint, int, int, nint, nint, int> _allReduce;
    private readonly delegate* unmanaged<int, byte*> _errorText;
    private readonly nint _communicator;

    /// <summary>All processes at once; the GPU of each is libtorch's current one, on which it has computed.</summary>
    /// <param name="rank">Of this process.</param>
    /// <param name="size">How many there are.</param>
    /// <param name="shareId">Makes the bytes of the first process those of all.</param>
    /// <exception cref="DllNotFoundException">There is no NCCL.</exception>
    public Nccl(int rank, int size, Action<byte[]> shareId)
    {
        nint library = Load();
        _allReduce = (delegate* unmanaged<void*, void*, nuint, int, int, nint, nint, int>)NativeLibrary.GetExport(library, "ncclAllReduce");
        _errorText = (delegate* unmanaged<int, byte*>)NativeLibrary.GetExport(library, "ncclGetErrorString");
        var getId = (delegate* unmanaged<UniqueId*, int>)NativeLibrary.GetExport(library, "ncclGetUniqueId");
        var initialize = (delegate* unmanaged<nint*, int, UniqueId, int, int>)NativeLibrary.GetExport(library, "ncclCommInitRank");
        UniqueId id;
        if (rank == 0)
        {
            Check(getId(&id));
        }

        byte[] bytes = new ReadOnlySpan<byte>(&id, sizeof(UniqueId)).ToArray();
        shareId(bytes);
        id = MemoryMarshal.Read<UniqueId>(bytes);
        nint communicator;
        Check(initialize(&communicator, size, id, rank));
        _communicator = communicator;
    }

    /// <summary>Sums a contiguous float32 tensor on the GPU over all processes, in place, in the order of the stream.</summary>
    public void SumInPlace(torch.Tensor tensor)
    {
        void* memory = THSTensor_data(tensor.Handle);
        Check(_allReduce(memory, memory, (nuint)tensor.numel(), Float, Sum, _communicator, 0));
    }

    private static nint Load()
    {
        foreach (string name in s_libraries)
        {
            if (NativeLibrary.TryLoad(name, typeof(torch).Assembly, null, out nint library)
                && NativeLibrary.TryGetExport(library, "ncclCommInitRank", out _))
            {
                return library;
            }
        }

        throw new DllNotFoundException(
            $"No NCCL was found ({string.Join(", ", s_libraries)}), which sums gradients over GPUs: install it (Debian and Ubuntu: apt-get " +
            "install libnccl2), or train on the CPU.");
    }

    private void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"NCCL: {Marshal.PtrToStringUTF8((nint)_errorText(result))}. NCCL_DEBUG=INFO tells more.");
        }
    }

    // TorchSharp shows the memory of tensors on the CPU alone.
    [DllImport("LibTorchSharp")]
    private static extern void* THSTensor_data(nint tensor);

    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private readonly struct UniqueId;
}
