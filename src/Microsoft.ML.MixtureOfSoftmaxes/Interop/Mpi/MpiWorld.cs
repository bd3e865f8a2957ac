using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>
/// Door: all the processes that MPI started together. MPI is opened once a process, at the first use, and closed when the process ends:
/// orderly, or, if this process has failed, with an end of all the others.
/// </summary>
/// <remarks>
/// No call waits inside MPI, which knows no deadline: operations are started, and tested until they are done. MPI's own faults (a connection that
/// is lost) end all processes with a message of MPI's, its default.
/// </remarks>
internal sealed unsafe class MpiWorld
{
    private const int Tag = 1;

    // Counts are of 32 bits.
    private const int MaxCount = 1 << 28;

    private static readonly Lazy<MpiWorld> s_current = new(() => new());

    private readonly Lock _turn = new();
    private readonly MpiLibrary _mpi;
    private readonly nint _comm;

    private MpiWorld()
    {
        MpiLauncher? launcher = MpiLauncher.Current;
        using var signals = new FaultSignals();
        _mpi = MpiLibrary.Load(launcher);
        int isOpen, level, rank, size;
        _mpi.Initialized(&isOpen);
        if (isOpen == 0)
        {
            _mpi.InitThread(null, null, _mpi.Abi.Serialized, &level);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Close();
        }

        nint comm = 0;
        _mpi.CommDuplicate(_mpi.Abi.World, &comm);
        _comm = comm;
        _mpi.CommRank(comm, &rank);
        _mpi.CommSize(comm, &size);
        (Rank, Size) = (rank, size);
        if (launcher is not null && (size != launcher.Size || rank != launcher.Rank))
        {
            throw new InvalidOperationException(
                $"This process is number {launcher.Rank} of {launcher.Size} for the program that started it, and {rank} of {size} for the MPI " +
                "library that was found: they are of different MPIs. Use the mpirun of the installed library.");
        }
    }

    /// <exception cref="DllNotFoundException">No MPI is installed.</exception>
    public static MpiWorld Current => s_current.Value;

    /// <summary>Whether this process has failed in a way that the others do not know: its end is to be theirs.</summary>
    public static bool HasFailed { get; set; }

    public int Rank { get; }

    public int Size { get; }

    /// <summary>Starts to sum float32 (or float64) numbers over all processes, in place.</summary>
    public void StartSum(void* memory, long count, bool isDouble, MpiRequests requests)
    {
        int size = isDouble ? sizeof(double) : sizeof(float);
        for (long start = 0; start < count; start += MaxCount)
        {
            nint* request = requests.Add();
            lock (_turn)
            {
                _mpi.AllReduce(
                    _mpi.Abi.InPlace, (byte*)memory + (start * size), (int)Math.Min(MaxCount, count - start),
                    isDouble ? _mpi.Abi.Double : _mpi.Abi.Float, _mpi.Abi.Sum, _comm, request);
            }
        }
    }

    /// <summary>Starts to copy the memory of one process into that of all.</summary>
    public void StartBroadcast(void* memory, int bytes, int root, MpiRequests requests)
    {
        nint* request = requests.Add();
        lock (_turn)
        {
            _mpi.Broadcast(memory, bytes, _mpi.Abi.Byte, root, _comm, request);
        }
    }

    public void StartSend(void* memory, int bytes, int rank, MpiRequests requests)
    {
        nint* request = requests.Add();
        lock (_turn)
        {
            _mpi.Send(memory, bytes, _mpi.Abi.Byte, rank, Tag, _comm, request);
        }
    }

    public void StartReceive(void* memory, int bytes, int rank, MpiRequests requests)
    {
        nint* request = requests.Add();
        lock (_turn)
        {
            _mpi.Receive(memory, bytes, _mpi.Abi.Byte, rank, Tag, _comm, request);
        }
    }

    /// <summary>Waits until what was started is done.</summary>
    /// <exception cref="TimeoutException">It was not in time; its memory is still MPI's, and the process has to end.</exception>
    public void Wait(MpiRequests requests, TimeSpan timeout)
    {
        var clock = Stopwatch.StartNew();
        while (!requests.AreDone(IsDone))
        {
            // At first as fast as can be, for a step waits for it; later without taking a core from who works.
            if (clock.ElapsedMilliseconds > 50)
            {
                Thread.Sleep(1);
            }
            else if (clock.ElapsedMilliseconds > 1)
            {
                Thread.Yield();
            }

            if (clock.Elapsed > timeout && timeout != Timeout.InfiniteTimeSpan)
            {
                throw new TimeoutException(
                    $"Rank {Rank} of {Size} has waited {timeout.TotalSeconds:0.#} s for another one, which hangs, has failed, or does other " +
                    "work. Look for what it says, then start anew from the last checkpoint; if it is only slow, raise DistributedTimeout.");
            }
        }
    }

    private bool IsDone(nint request)
    {
        int done;
        lock (_turn)
        {
            _mpi.Test((nint*)request, &done, _mpi.Abi.IgnoreStatus);
        }

        return done != 0;
    }

    private void Close()
    {
        int isClosed;
        _mpi.Finalized(&isClosed);
        if (isClosed == 0)
        {
            _ = HasFailed ? _mpi.Abort(_mpi.Abi.World, Math.Max(1, Environment.ExitCode)) : _mpi.Complete();
        }
    }
}
