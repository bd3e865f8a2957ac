using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Checkpoints;

[TestClass]
public sealed class CheckpointFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly string _path;
    private readonly CheckpointFolder _folder;

    public CheckpointFolderTests()
    {
        _path = _temporary.PathOf("checkpoints");
        _folder = new(_path);
    }

    public void Dispose() => _temporary.Dispose();

    [TestMethod]
    public void Without_any_there_is_no_newest()
    {
        Assert.IsNull(_folder.Newest());
        Directory.CreateDirectory(_path);
        Assert.IsNull(_folder.Newest());
    }

    [TestMethod]
    public void A_whole_one_takes_the_place_of_those_before()
    {
        foreach (int step in new[] { 9, 10, 1_000_000 })
        {
            Write(step, $"{step}");
            Assert.AreEqual($"{step}", Content(_folder.Newest()));
            Assert.HasCount(1, Directory.GetFileSystemEntries(_path));
        }
    }

    [TestMethod]
    public void One_that_a_kill_left_unfinished_is_ignored_and_goes_with_the_next()
    {
        Write(5, "whole");
        Assert.Throws<InvalidOperationException>(() => _folder.Write(9, folder =>
        {
            File.WriteAllText(Path.Combine(folder, "content"), "half");
            throw new InvalidOperationException("killed");
        }));
        Assert.HasCount(2, Directory.GetFileSystemEntries(_path));
        Assert.AreEqual("whole", Content(_folder.Newest()));
        Write(9, "next");
        Assert.AreEqual("next", Content(_folder.Newest()));
        Assert.HasCount(1, Directory.GetFileSystemEntries(_path));
    }

    [TestMethod]
    public void A_write_that_fails_leaves_the_one_before()
    {
        Write(5, "whole");
        Errors.AssertThrows<IOException>(
            () => _folder.Write(6, folder =>
            {
                File.WriteAllText(Path.Combine(folder, "content"), "half");
                throw new IOException("No space left on device");
            }),
            _path, "No space left", "intact");
        Assert.AreEqual("whole", Content(_folder.Newest()));
    }

    [TestMethod]
    public void There_is_a_whole_one_at_every_moment_also_while_one_of_the_same_step_is_replaced()
    {
        // An epoch's end and a cancellation write at a step that may have its checkpoint already.
        Write(7, "0");
        using var stop = new CancellationTokenSource();
        Task<int> missing = Task.Run(() =>
        {
            int count = 0;
            while (!stop.IsCancellationRequested)
            {
                count += _folder.Newest() is null ? 1 : 0;
            }

            return count;
        });
        for (int i = 1; i <= 300; i++)
        {
            Write(7, $"{i}");
            Assert.AreEqual($"{i}", Content(_folder.Newest()));
        }

        stop.Cancel();
        Assert.AreEqual(0, missing.Result);
    }

    private void Write(long step, string content) =>
        _folder.Write(step, folder => File.WriteAllText(Path.Combine(folder, "content"), content));

    private static string Content(string? folder) => File.ReadAllText(Path.Combine(folder!, "content"));
}
