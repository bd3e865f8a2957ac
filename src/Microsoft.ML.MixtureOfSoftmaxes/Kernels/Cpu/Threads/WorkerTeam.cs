using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using TorchSharp;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>
/// Threads that stay and compute together when asked to, as many as libtorch uses; on each of them libtorch is single-threaded, so that their
/// products do not wait for each other. The work is shared out by place, never by who comes first, so that a result does not depend on which
/// thread was fast. Where threads meet they spin shortly and then block, so that they finish also when other programs have the processor.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    // Teams that nobody uses: one for each call in progress at a time, mostly one.
    private static readonly ConcurrentStack<WorkerTeam> s_idle = new();

    // Held while a team's threads tell libtorch that they are alone, which for a moment holds for threads that are new to it.
    private static readonly Lock s_starting = new();

    private readonly Thread[] _threads;
    private readonly Barrier _startAndEnd;
    private Action<Worker>? _work;
    private int _workers;
    private Barrier? _steps;
    private Exception? _error;

    private WorkerTeam(int size)
    {
        _startAndEnd = new(size + 1);
        _threads = [.. Enumerable.Range(0, size).Select(i => new Thread(() => Serve(i)) { IsBackground = true, Name = $"Kernel worker {i}" })];
        int threadsOfLibTorch = torch.get_num_threads();
        Array.ForEach(_threads, thread => thread.Start());
        _startAndEnd.SignalAndWait();

        // libtorch keeps the number for each thread by itself, but gives what was set last to threads that are yet to come.
        torch.set_num_threads(threadsOfLibTorch);
    }

    /// <summary>How many workers there are at most: as many as libtorch has threads for the calling one.</summary>
    public static int MaxWorkers()
    {
        lock (s_starting)
        {
            return torch.get_num_threads();
        }
    }

    /// <summary>Runs the work on every thread of a team and returns when all are done; with one thread, on this one alone.</summary>
    /// <param name="work">Called once for each worker.</param>
    /// <param name="maximum">How many are of use at most: small work is faster on few.</param>
    public static void Run(Action<Worker> work, int maximum = int.MaxValue)
    {
        int workers = Math.Min(MaxWorkers(), maximum);
        if (workers <= 1)
        {
            work(new(0, 1, null));
            return;
        }

        WorkerTeam team = Rent(workers);
        try
        {
            team.RunTogether(work, workers);
        }
        finally
        {
            s_idle.Push(team);
        }
    }

    /// <summary>Lets the threads end.</summary>
    public void Dispose()
    {
        _startAndEnd.SignalAndWait();
        Array.ForEach(_threads, thread => thread.Join());
        _startAndEnd.Dispose();
    }

    private static WorkerTeam Rent(int workers)
    {
        while (s_idle.TryPop(out WorkerTeam? team))
        {
            if (team._threads.Length >= workers)
            {
                return team;
            }

            team.Dispose();
        }

        lock (s_starting)
        {
            return new(workers);
        }
    }

    private void RunTogether(Action<Worker> work, int workers)
    {
        using var steps = new Barrier(workers);
        (_work, _workers, _steps, _error) = (work, workers, steps, null);
        _startAndEnd.SignalAndWait();
        _startAndEnd.SignalAndWait();
        (_work, _steps) = (null, null);
        if (_error is not null)
        {
            ExceptionDispatchInfo.Throw(_error);
        }
    }

    private void Serve(int index)
    {
        // When it is first asked, libtorch gives a thread what was set last for any; what is set after that stays.
        _ = torch.get_num_threads();
        torch.set_num_threads(1);
        _startAndEnd.SignalAndWait();
        while (true)
        {
            _startAndEnd.SignalAndWait();
            if (_work is null)
            {
                return;
            }

            Work(index);
            _startAndEnd.SignalAndWait();
        }
    }

    private void Work(int index)
    {
        if (index >= _workers)
        {
            return;
        }

        try
        {
            _work!(new(index, _workers, _steps));
        }
        catch (Exception e)
        {
            // The others go on without this one, and the caller hears of it.
            Interlocked.CompareExchange(ref _error, e, null);
            _steps!.RemoveParticipant();
        }
    }
}
