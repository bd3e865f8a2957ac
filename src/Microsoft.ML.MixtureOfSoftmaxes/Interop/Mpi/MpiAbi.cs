using System.Runtime.InteropServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>
/// The constants of one of the three binary interfaces that MPI has: Open MPI's handles are addresses of its variables, those of MPICH and its
/// kin (Intel MPI, MVAPICH, Cray MPI) and of the interface that MPI 5.0 settles are numbers.
/// </summary>
internal sealed record MpiAbi(nint World, nint Byte, nint Float, nint Double, nint Sum, nint InPlace, nint IgnoreStatus, int Serialized)
{
    /// <summary>That of MPI 5.0 (chapter 20): what a libmpi_abi has, whoever made it.</summary>
    public static MpiAbi Standard { get; } = new(0x101, 0x247, 0x210, 0x214, 0x21, 1, 0, 2048);

    /// <summary>That of MPICH since 3.1.</summary>
    public static MpiAbi Mpich { get; } = new(0x4400_0000, 0x4c00_010d, 0x4c00_040a, 0x4c00_080b, 0x5800_0003, -1, 1, 2);

    /// <summary>Open MPI's, of a library that is loaded; null if it is another MPI's.</summary>
    public static MpiAbi? OfOpenMpi(nint library)
    {
        return NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out nint world)
            ? new(world, Find("ompi_mpi_byte"), Find("ompi_mpi_float"), Find("ompi_mpi_double"), Find("ompi_mpi_op_sum"), 1, 0, 2)
            : null;

        nint Find(string name) => NativeLibrary.GetExport(library, name);
    }
}
