using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Kernels.Cpu.Threads;

[TestClass]
public sealed class WorkerTeamTests
{
    private int _threadsBefore;

    [TestInitialize]
    public void Remember() => _threadsBefore = get_num_threads();

    [TestCleanup]
    public void Restore() => set_num_threads(_threadsBefore);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(5)]
    public void Workers_are_as_many_as_libtorchs_threads_and_see_at_a_meeting_what_all_wrote_before_it(int threads)
    {
        const int Steps = 200;
        set_num_threads(threads);
        int[] steps = new int[threads];
        int[] lowest = new int[threads];
        WorkerTeam.Run(worker =>
        {
            Assert.AreEqual(threads, worker.Count);
            for (int step = 1; step <= Steps; step++)
            {
                steps[worker.Index] = step;
                worker.Meet();
                lowest[worker.Index] += steps.Min() == step ? 1 : 0;
                worker.Meet();
            }
        });
        Assert.AreSequenceEqual(Enumerable.Repeat(Steps, threads), lowest);
    }

    [TestMethod]
    public void One_worker_is_the_calling_thread()
    {
        int? thread = null;
        WorkerTeam.Run(worker => thread = Environment.CurrentManagedThreadId, maximum: 1);
        Assert.AreEqual(Environment.CurrentManagedThreadId, thread);
    }

    [TestMethod]
    public void Work_may_ask_for_fewer_and_for_more_than_before()
    {
        int calls = 0;
        foreach (int threads in new[] { 3, 2, 4, 3 })
        {
            set_num_threads(threads);
            WorkerTeam.Run(_ => Interlocked.Increment(ref calls));
        }

        Assert.AreEqual(3 + 2 + 4 + 3, calls);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void An_error_of_one_reaches_the_caller_and_the_next_work_runs(int failing)
    {
        set_num_threads(3);
        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => WorkerTeam.Run(worker =>
        {
            worker.Meet();
            if (worker.Index == failing)
            {
                throw new InvalidOperationException("of a worker");
            }

            worker.Meet();
        }));
        Assert.AreEqual("of a worker", thrown.Message);
        int calls = 0;
        WorkerTeam.Run(worker =>
        {
            worker.Meet();
            Interlocked.Increment(ref calls);
        });
        Assert.AreEqual(3, calls);
    }

    [TestMethod]
    public void Several_callers_work_at_the_same_time()
    {
        set_num_threads(2);
        int calls = 0;

        // New ones, as libtorch gives a thread that it knows already no other number.
        Thread[] callers = [.. Enumerable.Range(0, 8).Select(_ => new Thread(Call))];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        Assert.AreEqual(8 * 2, calls);

        void Call() => WorkerTeam.Run(worker =>
        {
            worker.Meet();
            Interlocked.Increment(ref calls);
        });
    }

    [TestMethod]
    public void Libtorch_is_single_threaded_for_workers_alone_and_so_is_work_within_work()
    {
        set_num_threads(3);
        int[] threads = new int[3];
        int calls = 0;
        WorkerTeam.Run(worker =>
        {
            threads[worker.Index] = get_num_threads();
            WorkerTeam.Run(_ => Interlocked.Increment(ref calls));
        });
        Assert.AreSequenceEqual([1, 1, 1], threads);
        Assert.AreEqual(3, calls);
        Assert.AreEqual(3, get_num_threads());
        int ofAnother = 0;
        var another = new Thread(() => ofAnother = get_num_threads());
        another.Start();
        another.Join();
        Assert.AreEqual(3, ofAnother);
    }

    [TestMethod]
    [DataRow(10, 1, new[] { 0, 3, 6, 10 })]
    [DataRow(40, 16, new[] { 0, 16, 32, 40 })]
    [DataRow(2, 1, new[] { 0, 0, 1, 2 })]
    public void Shares_cover_everything_once_and_begin_at_multiples_of_the_unit(int items, int unit, int[] bounds)
    {
        (int, int)[] shares = [.. Enumerable.Range(0, 3).Select(i => new Worker(i, 3, null).Share(items, unit))];
        Assert.AreSequenceEqual([(bounds[0], bounds[1]), (bounds[1], bounds[2]), (bounds[2], bounds[3])], shares);
    }
}
