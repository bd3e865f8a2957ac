using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

/// <summary>Files that one of several makes.</summary>
[TestClass]
public sealed class SharedFileTests : IDisposable
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private int _made;

    private string FilePath => _folder.PathOf("file");

    private string Lock => FilePath + ".lock";

    [TestMethod]
    public void One_makes_it_and_the_others_wait_for_it()
    {
        using var start = new Barrier(4);
        string[] found = new string[4];
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            found[i] = Get(s_minute);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.AreSequenceEqual(Enumerable.Repeat("made 1", 4), found);
        Assert.AreSequenceEqual([FilePath], Directory.GetFiles(_folder.PathOf("")));
    }

    [TestMethod]
    public void Whoever_shows_no_progress_is_waited_for_no_longer()
    {
        using FileStream held = FileLock.TryTake(Lock)!;
        var clock = Stopwatch.StartNew();
        Assert.AreEqual("made 1", Get(TimeSpan.FromSeconds(0.5)));
        Assert.IsGreaterThan(TimeSpan.FromSeconds(0.4), clock.Elapsed);
    }

    [TestMethod]
    public void Whoever_gets_on_is_waited_for()
    {
        FileStream held = FileLock.TryTake(Lock)!;
        using var other = new Timer(_ => held.SetLength(held.Length + 1), null, 0, 50);
        using var end = new Timer(_ =>
        {
            other.Dispose();
            File.WriteAllText(FilePath, "the other's");
            held.Dispose();
        }, null, 5000, Timeout.Infinite);
        Assert.AreEqual("the other's", Get(TimeSpan.FromSeconds(3)));
    }

    [TestMethod]
    public void Whoever_ends_without_it_is_followed_by_another()
    {
        FileStream held = FileLock.TryTake(Lock)!;
        using var end = new Timer(_ => held.Dispose(), null, 300, Timeout.Infinite);
        Assert.AreEqual("made 1", Get(s_minute));
    }

    [TestMethod]
    public void Waiting_can_be_cancelled()
    {
        using FileStream held = FileLock.TryTake(Lock)!;
        using var source = new CancellationTokenSource(300);
        Assert.ThrowsExactly<OperationCanceledException>(() => Get(s_minute, source.Token));
    }

    [TestMethod]
    public void Progress_is_the_length_of_the_lock()
    {
        long[] lengths = [];
        SharedFile.Get(FilePath, s_minute, () => null, getOn =>
        {
            lengths = [.. Enumerable.Range(0, 3).Select(_ =>
            {
                getOn();
                return new FileInfo(Lock).Length;
            })];
            return "";
        }, default);
        Assert.AreSequenceEqual([1L, 2, 3], lengths);
        Assert.IsFalse(File.Exists(Lock));
    }

    public void Dispose() => _folder.Dispose();

    private string Get(TimeSpan patience, CancellationToken token = default) => SharedFile.Get(
        FilePath, patience,
        () => File.Exists(FilePath) ? File.ReadAllText(FilePath) : null,
        _ =>
        {
            string text = $"made {Interlocked.Increment(ref _made)}";
            Thread.Sleep(300);
            AtomicFile.WriteText(FilePath, writer => writer.Write(text));
            return text;
        },
        new(null, token));
}
