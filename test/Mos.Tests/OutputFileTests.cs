using System.Runtime.Versioning;
using Mos.Tests.Support;

namespace Mos.Tests;

/// <summary>Every command that writes a file: into pipes as they are, through links, with the mode of the file before.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
[UnsupportedOSPlatform("windows")]
public sealed class OutputFileTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Workspace _files = new();

    [TestInitialize]
    public void Train() => _files.Train("m.zip", "--log-file", _files["m.jsonl"]).Succeeded();

    [TestMethod]
    [DataRow("score")]
    [DataRow("report")]
    [DataRow("rank")]
    [DataRow("compare")]
    [DataRow("train")]
    public async Task A_link_is_followed_the_mode_stays_and_a_pipe_gets_the_same(string command)
    {
        File.Copy(_files["m.zip"], _files["n.zip"]);
        string[] arguments = Arguments(command);
        string file = _files.Write("file", "old");
        File.SetUnixFileMode(file, Private);
        File.CreateSymbolicLink(_files["link"], "file");
        CommandRun.Of([.. arguments, _files["link"]]).Succeeded();
        Assert.AreEqual("file", new FileInfo(_files["link"]).LinkTarget);
        Assert.AreEqual(Private, File.GetUnixFileMode(file));

        (await MosProcess.ShellAsync($"mkfifo '{_files["pipe"]}'")).Succeeded();
        Task<byte[]> read = Task.Run(() =>
        {
            using FileStream pipe = new(_files["pipe"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var memory = new MemoryStream();
            pipe.CopyTo(memory);
            return memory.ToArray();
        });
        CommandRun.Of([.. arguments, _files["pipe"]]).Succeeded();
        AssertSame(command, File.ReadAllBytes(file), await read);
        (await MosProcess.ShellAsync($"test -p '{_files["pipe"]}'")).Succeeded();
    }

    [TestMethod]
    public async Task Standard_output_can_be_named_and_what_others_write_to_it_stays()
    {
        string file = _files["all.txt"], score = $"mos score --model '{_files["m.zip"]}' --input '{_files["valid.txt"]}'";
        (await MosProcess.ShellAsync($"(echo before; {score} --output /dev/stdout; echo after) > '{file}'")).Succeeded();
        string[] lines = File.ReadAllLines(file), expected = (await MosProcess.ShellAsync(score)).Succeeded().OutputLines;
        CollectionAssert.AreEqual((string[])["before", .. expected, "after"], lines);
    }

    [TestMethod]
    public async Task A_page_does_not_take_the_place_of_a_log_that_it_is_linked_to_and_a_log_may_be_a_pipe()
    {
        string log = File.ReadAllText(_files["m.jsonl"]);
        File.CreateSymbolicLink(_files["link"], "m.jsonl");
        CommandRun.Of("report", "--run", _files["m.jsonl"], "--output", _files["link"]).FailedWith(2, "is one of the logs");
        Assert.AreEqual(log, File.ReadAllText(_files["m.jsonl"]));
        (await MosProcess.ShellAsync($"mos report --run <(cat '{_files["m.jsonl"]}') --output '{_files["r.html"]}'")).Succeeded();
    }

    public void Dispose() => _files.Dispose();

    private string[] Arguments(string command) => command switch
    {
        "score" => ["score", "--model", _files["m.zip"], "--input", _files["valid.txt"], "--output"],
        "report" => ["report", "--run", _files["m.jsonl"], "--output"],
        "rank" => ["rank", "--model", _files["m.zip"], "--data", _files["train.txt"], "--contexts", "50", "--output"],
        "compare" =>
        [
            "compare", "--model", _files["m.zip"], _files["n.zip"], "--data", _files["train.txt"], "--contexts", "50", "--resamples", "100",
            "--output",
        ],
        _ => ["train", "--train", _files["train.txt"], .. Workspace.Tiny(), "--model"],
    };

    // A comparison has times in it, a model those of its entries.
    private void AssertSame(string command, byte[] file, byte[] pipe)
    {
        if (command == "train")
        {
            File.WriteAllBytes(_files["piped.zip"], pipe);
            Assert.AreEqual(Perplexity("file"), Perplexity("piped.zip"));
        }
        else if (command == "compare")
        {
            StringAssert.EndsWith(System.Text.Encoding.UTF8.GetString(pipe).TrimEnd(), "</html>");
        }
        else
        {
            CollectionAssert.AreEqual(file, pipe);
        }

        string Perplexity(string model) =>
            CommandRun.Of("evaluate", "--model", _files[model], "--data", _files["valid.txt"], "--json").Succeeded().Output;
    }
}
