using System.Text;
using Mos.Reports.Runs;
using Mos.Tests.Support;

namespace Mos.Tests.Reports.Runs;

/// <summary>Reading the logs of training runs.</summary>
[TestClass]
public sealed class RunLogTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    public void A_log_still_being_written_is_read()
    {
        string log = _files.Write("a.jsonl", Logs.Line(1000));
        using var writer = new StreamWriter(log, append: true);
        CommandRun.Of("report", "--run", log, "--output", _files["r.html"]).Succeeded();
    }

    [TestMethod]
    public void A_resumed_run_goes_on_and_the_steps_it_did_again_count_once()
    {
        LoggedRun run = Logs.Read(_files.Write(
            "a.jsonl",
            Logs.Line(1000, rate: 1), Logs.Line(2000, rate: 2), Logs.Line(3000, rate: 3),
            Logs.Line(1500, rate: 4), Logs.Line(2500, rate: 5)));
        CollectionAssert.AreEqual(new[] { 1.0, 4, 5 }, run.Lines.Select(line => line.LearningRate).ToArray());
        StringAssert.Contains(run.Notes.Single(), "2 lines left out where the run went back from 3,000 to 1,500 tokens");
    }

    [TestMethod]
    public void A_validation_stays_beside_the_step_before_it() =>
        Assert.HasCount(2, Logs.Read(_files.Write("a.jsonl", Logs.Line(1000), Logs.Line(1000, validation: 90))).Lines);

    [TestMethod]
    public void Epochs_of_fine_tuning_are_numbered_after_those_before()
    {
        LoggedRun run = Logs.Read(_files.Write(
            "a.jsonl", Logs.Line(1, 1, 300), Logs.Line(2, 2, 200), Logs.Line(3, 1, 100), Logs.Line(4, 2, 150)));
        Assert.AreEqual(3, run.Best!.Epoch);
        Assert.AreEqual(4, run.Last.Epoch);
    }

    [TestMethod]
    public void A_last_line_cut_off_is_left_out_with_a_note_wherever_it_is_cut()
    {
        string whole = Logs.Line(1000) + "\n", last = Logs.Line(2000);
        for (int length = 1; length < last.Length; length += 7)
        {
            File.WriteAllText(_files["a.jsonl"], whole + last[..length]);
            LoggedRun run = Logs.Read(_files["a.jsonl"]);
            Assert.HasCount(1, run.Lines);
            StringAssert.Contains(run.Notes.Single(), "line 2, the last, is cut off");
        }

        File.WriteAllText(_files["a.jsonl"], whole + last);
        Assert.HasCount(2, Logs.Read(_files["a.jsonl"]).Lines);
    }

    [TestMethod]
    public void A_line_cut_off_before_a_resumed_run_went_on_is_left_out_with_a_note()
    {
        LoggedRun run = Logs.Read(_files.Write(
            "a.jsonl", Logs.Line(1000), Logs.Line(2000)[..40] + Logs.Line(1500), Logs.Line(2500)));
        CollectionAssert.AreEqual(new long[] { 1000, 1500, 2500 }, run.Lines.Select(line => line.Tokens).ToArray());
        StringAssert.Contains(run.Notes.Single(), "line 2 ");
    }

    [TestMethod]
    public void A_byte_order_mark_is_left_out_and_bytes_that_are_not_UTF8_are_an_error_with_one_as_without()
    {
        byte[] mark = [0xef, 0xbb, 0xbf], line = Encoding.UTF8.GetBytes(Logs.Line(1000) + "\n");
        File.WriteAllBytes(_files["a.jsonl"], [.. mark, .. line]);
        Assert.HasCount(1, Logs.Read(_files["a.jsonl"]).Lines);
        foreach (byte[] start in (byte[][])[mark, []])
        {
            File.WriteAllBytes(_files["a.jsonl"], [.. start, .. line, 0xe9, .. line]);
            var error = Assert.ThrowsExactly<InvalidDataException>(() => Logs.Read(_files["a.jsonl"]));
            StringAssert.Contains(error.Message, _files["a.jsonl"]);
            StringAssert.Contains(error.Message, "UTF-8");
        }
    }

    [TestMethod]
    public void Logs_of_one_name_in_several_folders_go_by_their_paths()
    {
        Directory.CreateDirectory(_files["x"]);
        string[] logs = [.. new[] { "a.jsonl", "x/a.jsonl", "b.jsonl" }.Select(name => _files.Write(name, Logs.Line(1)))];
        CollectionAssert.AreEqual(new[] { logs[0], logs[1], "b" }, RunLog.ReadAll(logs).Select(run => run.Name).ToArray());
    }

    public void Dispose() => _files.Dispose();
}
