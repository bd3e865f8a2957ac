using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Distribution;

/// <summary>
/// The processes that work together, each a rank of MPI; one alone where there is no MPI, for which everything here costs nothing. What is
/// asked here is asked by every rank at the same place of its work.
/// </summary>
internal sealed class Ranks
{
    private readonly MpiWorld? _world;
    private readonly TimeSpan _timeout;

    private Ranks(MpiWorld? world, TimeSpan timeout)
    {
        _world = world;
        _timeout = timeout;
        Tensors = new(this, world);
    }

    /// <summary>One process.</summary>
    public static Ranks Alone { get; } = new(null, Timeout.InfiniteTimeSpan);

    /// <summary>Which one this is, from 0. The first one writes and shows things; the others are silent.</summary>
    public int Rank => _world?.Rank ?? 0;

    public int Count => _world?.Size ?? 1;

    public bool IsFirst => Rank == 0;

    /// <summary>Sums of tensors over the ranks.</summary>
    public RankTensors Tensors { get; }

    /// <exception cref="DllNotFoundException">MPI is needed and not installed.</exception>
    public static Ranks Of(DistributedMode mode, TimeSpan timeout) =>
        mode == DistributedMode.Mpi || (mode == DistributedMode.Auto && MpiLauncher.Current is not null)
            ? new(MpiWorld.Current, timeout)
            : Alone;

    /// <summary>This rank's share of things in a row: near equal, in the order of the ranks.</summary>
    public (int First, int Count) Share(int count)
    {
        int first = (int)((long)count * Rank / Count), end = (int)((long)count * (Rank + 1) / Count);
        return (first, end - first);
    }

    /// <summary>The sum over all ranks; the same bits on each.</summary>
    public double Sum(double value)
    {
        double[] values = [value];
        Sum(values);
        return values[0];
    }

    /// <summary>The value of the first rank.</summary>
    public double First(double value) => Sum(IsFirst ? value : 0);

    /// <summary>Whether it is so on any rank.</summary>
    public bool Any(bool value) => _world is null ? value : Sum(value ? 1 : 0) > 0;

    /// <summary>The text of one rank, on each; an empty one for null.</summary>
    public string? Text(string? text, int from = 0)
    {
        if (_world is null)
        {
            return text;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text ?? "");
        byte[] all = new byte[(int)Sum(Rank == from ? bytes.Length : 0)];
        bytes.AsSpan(0, Math.Min(bytes.Length, all.Length)).CopyTo(all);
        Broadcast(all, from);
        return Encoding.UTF8.GetString(all);
    }

    /// <summary>Does what each rank does by itself. Where it fails, or is cancelled, on one of them, it does so on all.</summary>
    /// <exception cref="InvalidOperationException">It failed on another rank; the message is that rank's.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled here, or on another rank.</exception>
    public T Together<T>(Func<T> work)
    {
        if (_world is null)
        {
            return work();
        }

        ExceptionDispatchInfo? fault = null;
        T result = default!;
        try
        {
            result = work();
        }
        catch (Exception e)
        {
            fault = ExceptionDispatchInfo.Capture(e);
        }

        bool isCancelled = fault?.SourceException is OperationCanceledException;
        if (FirstWhere(fault is not null && !isCancelled) is int failed)
        {
            string? message = Text(fault?.SourceException.Message, failed);
            fault?.Throw();
            throw new InvalidOperationException($"Rank {failed} of {Count} has failed, and so the others end: {message}");
        }

        if (Any(isCancelled))
        {
            fault?.Throw();
            throw new OperationCanceledException("Cancelled on another rank.");
        }

        return result;
    }

    /// <inheritdoc cref="Together{T}"/>
    public void Together(Action work) => Together(() =>
    {
        work();
        return true;
    });

    /// <exception cref="OperationCanceledException">It has been requested on a rank.</exception>
    public void ThrowIfRequested(Cancellation cancellation) => Together(cancellation.ThrowIfRequested);

    /// <summary>The first rank where it is so; null for none.</summary>
    public int? FirstWhere(bool value)
    {
        double[] values = new double[Count];
        values[Rank] = value ? 1 : 0;
        Sum(values);
        int first = Array.IndexOf(values, 1);
        return first < 0 ? null : first;
    }

    /// <summary>Holds the ranks to the same text, such as a hash of something.</summary>
    /// <param name="own">This rank's.</param>
    /// <param name="describe">Says what is wrong, given the first rank where it is.</param>
    /// <exception cref="InvalidOperationException">They differ; the message is the same on all.</exception>
    public void CheckSame(string own, Func<int, string> describe)
    {
        if (FirstWhere(own != Text(own)) is int other)
        {
            throw new InvalidOperationException(describe(other));
        }
    }

    /// <summary>Sends bytes to one rank, which receives them.</summary>
    public unsafe void Send(byte[] bytes, int rank) => Exchange(bytes, (world, memory, requests) =>
    {
        int length = bytes.Length;
        world.StartSend(&length, sizeof(int), rank, requests);
        world.Wait(requests, _timeout);
        world.StartSend((void*)memory, length, rank, requests);
    }, _timeout);

    /// <summary>What a rank sends.</summary>
    /// <param name="rank">Which one.</param>
    /// <param name="mayTakeLong">Whether it is waited for however long it takes, as for work that is still to come in.</param>
    public unsafe byte[] Receive(int rank, bool mayTakeLong = false)
    {
        TimeSpan timeout = mayTakeLong ? Timeout.InfiniteTimeSpan : _timeout;
        byte[] length = new byte[sizeof(int)];
        Exchange(length, (world, memory, requests) => world.StartReceive((void*)memory, sizeof(int), rank, requests), timeout);
        byte[] bytes = new byte[BitConverter.ToInt32(length)];
        Exchange(bytes, (world, memory, requests) => world.StartReceive((void*)memory, bytes.Length, rank, requests), _timeout);
        return bytes;
    }

    /// <summary>Makes the bytes of one rank those of all.</summary>
    public unsafe void Broadcast(byte[] bytes, int from = 0) => Exchange(
        bytes, (world, memory, requests) => world.StartBroadcast((void*)memory, bytes.Length, from, requests), _timeout);

    /// <summary>Waits until what was started is done.</summary>
    public void Wait(MpiRequests requests) => _world!.Wait(requests, _timeout);

    private unsafe void Sum(double[] values)
    {
        if (_world is not null)
        {
            Exchange(values, (world, memory, requests) => world.StartSum((void*)memory, values.Length, isDouble: true, requests), _timeout);
        }
    }

    /// <summary>Runs an operation on memory that stays in its place, pinned for good where the operation does not end.</summary>
    private void Exchange<T>(T[] values, Action<MpiWorld, nint, MpiRequests> start, TimeSpan timeout)
        where T : unmanaged
    {
        GCHandle pin = GCHandle.Alloc(values, GCHandleType.Pinned);
        var requests = new MpiRequests();
        start(_world!, pin.AddrOfPinnedObject(), requests);
        _world!.Wait(requests, timeout);
        pin.Free();
    }
}
