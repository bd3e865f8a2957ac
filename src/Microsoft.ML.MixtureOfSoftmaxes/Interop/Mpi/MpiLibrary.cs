using System.Runtime.InteropServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>Door: the C interface of whatever MPI the machine has, found when it is asked for.</summary>
internal sealed unsafe class MpiLibrary
{
    private static readonly string[] s_openMpi = ["libmpi.so.40", "libmpi.40.dylib"];
    private static readonly string[] s_standard = ["libmpi_abi.so.0", "libmpi_abi.so", "libmpi_abi.0.dylib"];
    private static readonly string[] s_mpich = ["libmpich.so.12", "libmpi.so.12", "libmpi.12.dylib"];

    /// <summary>Loads a native library; false where there is none of that name.</summary>
    public delegate bool TryLoad(string name, out nint library);

    private MpiLibrary(nint library, MpiAbi abi)
    {
        Abi = abi;
        InitThread = (delegate* unmanaged<int*, byte***, int, int*, int>)Find("MPI_Init_thread");
        Initialized = (delegate* unmanaged<int*, int>)Find("MPI_Initialized");
        Finalized = (delegate* unmanaged<int*, int>)Find("MPI_Finalized");
        CommDuplicate = (delegate* unmanaged<nint, nint*, int>)Find("MPI_Comm_dup");
        CommRank = (delegate* unmanaged<nint, int*, int>)Find("MPI_Comm_rank");
        CommSize = (delegate* unmanaged<nint, int*, int>)Find("MPI_Comm_size");
        AllReduce = (delegate* unmanaged<nint, void*, int, nint, nint, nint, nint*, int>)Find("MPI_Iallreduce");
        Broadcast = (delegate* unmanaged<void*, int, nint, int, nint, nint*, int>)Find("MPI_Ibcast");
        Send = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Find("MPI_Isend");
        Receive = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Find("MPI_Irecv");
        Test = (delegate* unmanaged<nint*, int*, nint, int>)Find("MPI_Test");
        Abort = (delegate* unmanaged<nint, int, int>)Find("MPI_Abort");
        Complete = (delegate* unmanaged<int>)Find("MPI_Finalize");

        nint Find(string name) => NativeLibrary.GetExport(library, name);
    }

    public MpiAbi Abi { get; }

    public delegate* unmanaged<int*, byte***, int, int*, int> InitThread { get; }

    public delegate* unmanaged<int*, int> Initialized { get; }

    public delegate* unmanaged<int*, int> Finalized { get; }

    public delegate* unmanaged<nint, nint*, int> CommDuplicate { get; }

    public delegate* unmanaged<nint, int*, int> CommRank { get; }

    public delegate* unmanaged<nint, int*, int> CommSize { get; }

    public delegate* unmanaged<nint, void*, int, nint, nint, nint, nint*, int> AllReduce { get; }

    public delegate* unmanaged<void*, int, nint, int, nint, nint*, int> Broadcast { get; }

    public delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> Send { get; }

    public delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> Receive { get; }

    public delegate* unmanaged<nint*, int*, nint, int> Test { get; }

    public delegate* unmanaged<nint, int, int> Abort { get; }

    public delegate* unmanaged<int> Complete { get; }

    /// <exception cref="DllNotFoundException">There is none; the message says what to install.</exception>
    public static MpiLibrary Load(MpiLauncher? launcher)
    {
        (string name, nint library) = Find(launcher, NativeLibrary.TryLoad);
        return new(library, MpiAbi.OfOpenMpi(library) ?? (s_standard.Contains(name) ? MpiAbi.Standard : MpiAbi.Mpich));
    }

    /// <summary>The first library that there is of those that fit what started the process, and its name.</summary>
    public static (string Name, nint Library) Find(MpiLauncher? launcher, TryLoad tryLoad)
    {
        // Several may be installed. A process of one MPI's launcher needs that one.
        string[] names = launcher?.IsOpenMpi switch
        {
            true => [.. s_openMpi, .. s_standard],
            false => [.. s_standard, .. s_mpich],
            null => [.. s_openMpi, .. s_standard, .. s_mpich],
        };
        foreach (string name in names)
        {
            if (tryLoad(name, out nint library))
            {
                return (name, library);
            }
        }

        string package = launcher?.IsOpenMpi switch
        {
            true => "Open MPI 4 or 5, whose mpirun started this process (Debian, Ubuntu: apt-get install openmpi-bin; Fedora: dnf install openmpi)",
            false => "MPICH 3.1 or newer, whose mpirun started this process (Debian, Ubuntu: apt-get install mpich; Fedora: dnf install mpich)",
            null => "Open MPI or MPICH (Debian, Ubuntu: apt-get install openmpi-bin; Fedora: dnf install openmpi)",
        };
        throw new DllNotFoundException(
            $"No MPI was found ({string.Join(", ", names)}): install {package}, or put its folder on the library path, as 'module load' does.");
    }
}
