using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Persistence;

/// <summary>What stands at the place of a file to write stays what it is: a pipe, a device, a link, a file with its mode and owner.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class SpecialFileTests
{
    private readonly TemporaryFolder _folder = new();

    [TestCleanup]
    public void Remove() => _folder.Dispose();

    [TestMethod]
    public void A_named_pipe_gets_what_is_written_and_stays_a_pipe()
    {
        string pipe = Programs.Pipe(_folder.PathOf("pipe"));
        AtomicFile.Prepare(pipe);
        Task<string> reader = Task.Run(() => File.ReadAllText(pipe));
        AtomicFile.WriteText(pipe, writer => writer.Write("été"));
        Assert.AreEqual("été", reader.Result);
        Assert.AreEqual("fifo", Programs.Output("stat", "-c", "%F", pipe));
        Assert.AreSequenceEqual(["pipe"], _folder.FileNames);
    }

    [TestMethod]
    [DataRow("/dev/zero", true)]
    [DataRow("/dev/stdout", true)]
    [DataRow("/dev/stderr", true)]
    [DataRow("/etc/passwd", false)]
    [DataRow("/etc", false)]
    [DataRow("/etc/absent", false)]
    public void Devices_and_the_streams_of_the_process_are_written_as_they_are(string path, bool expected) =>
        Assert.AreEqual(expected, SpecialFile.Is(path));

    [TestMethod]
    public void A_device_takes_what_several_processes_write_at_once()
    {
        using FileStream other = new("/dev/zero", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        using Stream stream = SpecialFile.OpenWrite("/dev/zero");
        stream.Write("gone"u8);
    }

    [TestMethod]
    public void A_link_stays_a_link_and_the_file_at_its_end_is_replaced()
    {
        Directory.CreateDirectory(_folder.PathOf("deep"));
        string target = _folder.PathOf("deep/target");
        File.WriteAllText(target, "old");
        File.CreateSymbolicLink(_folder.PathOf("deep/second"), "target");
        File.CreateSymbolicLink(_folder.PathOf("first"), "deep/second");
        AtomicFile.Prepare(_folder.PathOf("first"));
        AtomicFile.WriteText(_folder.PathOf("first"), writer =>
        {
            writer.Write("new");
            writer.Flush();
            Assert.AreEqual("old", File.ReadAllText(target));
        });
        Assert.AreEqual("new", File.ReadAllText(target));
        Assert.AreEqual("deep/second", new FileInfo(_folder.PathOf("first")).LinkTarget);
        Assert.AreEqual("target", new FileInfo(_folder.PathOf("deep/second")).LinkTarget);
    }

    [TestMethod]
    public void A_link_to_nothing_yet_makes_its_target()
    {
        File.CreateSymbolicLink(_folder.PathOf("link"), "deep/target");
        AtomicFile.Prepare(_folder.PathOf("link"));
        AtomicFile.WriteText(_folder.PathOf("link"), writer => writer.Write("new"));
        Assert.AreEqual("new", File.ReadAllText(_folder.PathOf("deep/target")));
        Assert.AreEqual("deep/target", new FileInfo(_folder.PathOf("link")).LinkTarget);
    }

    [TestMethod]
    public void Links_in_a_circle_are_an_error_that_names_them()
    {
        File.CreateSymbolicLink(_folder.PathOf("a"), "b");
        File.CreateSymbolicLink(_folder.PathOf("b"), "a");
        Errors.AssertThrows<IOException>(() => AtomicFile.Prepare(_folder.PathOf("a")), _folder.PathOf("a"));
    }

    [TestMethod]
    [DataRow("600")]
    [DataRow("640")]
    [DataRow("666")]
    [DataRow("755")]
    public void The_mode_of_the_file_before_stays_also_while_it_is_written(string mode)
    {
        string path = _folder.PathOf("scores.tsv");
        File.WriteAllText(path, "old");
        Programs.Output("chmod", mode, path);
        AtomicFile.WriteText(path, writer =>
        {
            writer.Write("new");
            string beside = _folder.FileNames.Single(name => name != "scores.tsv");
            Assert.AreEqual(mode, Programs.Output("stat", "-c", "%a", _folder.PathOf(beside)));
        });
        Assert.AreEqual(mode, Programs.Output("stat", "-c", "%a", path));
    }

    [TestMethod]
    public void A_new_file_has_the_mode_that_the_umask_leaves()
    {
        AtomicFile.Write(_folder.PathOf("new"), _ => { });
        Programs.Output("touch", _folder.PathOf("expected"));
        Assert.AreEqual(
            Programs.Output("stat", "-c", "%a", _folder.PathOf("expected")), Programs.Output("stat", "-c", "%a", _folder.PathOf("new")));
    }

    [TestMethod]
    public void The_owner_of_the_file_before_stays_where_the_process_may_give_files_away()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Inconclusive("Only root may give a file away.");
        }

        string path = _folder.PathOf("scores.tsv");
        File.WriteAllText(path, "old");
        Programs.Output("chown", "12345:23456", path);
        Programs.Output("chmod", "2640", path);
        AtomicFile.Write(path, stream => stream.Write("new"u8));
        Assert.AreEqual("12345:23456 2640", Programs.Output("stat", "-c", "%u:%g %a", path));
    }
}
