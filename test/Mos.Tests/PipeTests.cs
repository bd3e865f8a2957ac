using System.Diagnostics;
using Mos.Tests.Support;

namespace Mos.Tests;

/// <summary>The program between others: text comes through pipes, in any locale, and what reads its output may end before it.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class PipeTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestInitialize]
    public void Train() => _files.Train("m.zip").Succeeded();

    [TestMethod]
    [DataRow("score", "--input")]
    [DataRow("evaluate", "--data")]
    [DataRow("rank", "--contexts 50 --data")]
    public async Task Text_is_read_from_standard_input_and_from_pipes_plain_or_gzip_as_from_a_file(string command, string option)
    {
        string text = _files["train.txt"], run = $"mos {command} --model '{_files["m.zip"]}' {option}";
        string expected = (await MosProcess.ShellAsync($"{run} '{text}'")).Succeeded().Output;
        string[] lines = [$"cat '{text}' | {run} -", $"{run} <(cat '{_files.Compress(text)}')"];
        foreach (string line in lines)
        {
            Assert.AreEqual(expected, (await MosProcess.ShellAsync(line)).Succeeded().Output, line);
        }
    }

    [TestMethod]
    public async Task Standard_input_has_its_name_among_the_devices_too_and_may_be_a_file()
    {
        string score = $"mos score --model '{_files["m.zip"]}' --input", file = $"'{_files["valid.txt"]}'";
        string expected = (await MosProcess.ShellAsync($"{score} {file}")).Succeeded().Output;
        CommandRun run = await MosProcess.ShellAsync(
            $"cat {file} | {score} /dev/stdin; {score} /dev/stdin < {file}; {score} - < {file}");
        Assert.AreEqual(expected + expected + expected, run.Succeeded().Output);
    }

    [TestMethod]
    public async Task Commands_that_read_their_text_again_keep_it()
    {
        string train = $"mos train --json {string.Join(' ', Workspace.Tiny())} --model '{_files["piped.zip"]}'";
        (await MosProcess.ShellAsync(
            $"cat '{_files["train.txt"]}' | {train} --train - --valid <(cat '{_files["valid.txt"]}')")).Succeeded();
        File.Copy(_files["m.zip"], _files["same.zip"]);
        CommandRun compared = await MosProcess.ShellAsync(
            $"mos compare --model '{_files["same.zip"]}' '{_files["piped.zip"]}' --contexts 50 --resamples 100 --json " +
            $"--data <(cat '{_files["valid.txt"]}')");
        double[] perplexities =
        [
            .. compared.Succeeded().Json.GetProperty("models").EnumerateArray()
                .Select(model => model.GetProperty("metrics").GetProperty("perplexity").GetDouble()),
        ];
        Assert.AreEqual(perplexities[0], perplexities[1]);
    }

    [TestMethod]
    public async Task A_pipe_that_cannot_be_read_twice_and_a_model_in_one_are_named()
    {
        string score = $"mos score --model '{_files["m.zip"]}' --input";
        CommandRun twice = await MosProcess.ShellAsync($"cat '{_files["valid.txt"]}' | {score} - -");
        Assert.AreEqual(1, twice.ExitCode);
        StringAssert.StartsWith(twice.ErrorLines[^1], "mos: '-' is a pipe");
        (await MosProcess.ShellAsync($"mos score --model <(cat '{_files["m.zip"]}') --input '{_files["valid.txt"]}'"))
            .FailedWith(1, "/dev/fd/", "pipe", "write it to a file");
    }

    [TestMethod]
    [DataRow("C")]
    [DataRow("de_DE.ISO-8859-1")]
    public async Task What_is_written_is_UTF8_without_a_mark_in_every_locale(string locale)
    {
        string text = _files.Write("text.txt", "été 語", "чай");
        File.Copy(_files["m.zip"], _files["語.zip"]);
        string score = $"env LC_ALL={locale} LANG={locale} {MosProcess.Command} score --input '{text}' --model";
        CommandRun scored = (await MosProcess.ShellAsync($"{score} '{_files["語.zip"]}'")).Succeeded();
        CollectionAssert.AreEqual(
            new[] { "Text", "été 語", "чай" }, scored.OutputLines.Select(line => line.Split('\t')[^1]).ToArray());
        StringAssert.StartsWith(scored.Output, "LogLikelihood");
        (await MosProcess.ShellAsync($"{score} '{_files["été.zip"]}'")).FailedWith(1, "été.zip");
    }

    [TestMethod]
    public async Task It_ends_quietly_when_its_reader_does()
    {
        // As long as it is, the table takes minutes.
        string text = _files.Write("long.txt", [.. Enumerable.Repeat("the cat sat on a mat", 3_000_000)]);
        var clock = Stopwatch.StartNew();
        foreach (string line in (string[])
            [
                $"mos score --model '{_files["m.zip"]}' --input '{text}' | head -1",
                $"mos generate --model '{_files["m.zip"]}' --max-tokens 100000000 --stop-at-end-of-sentence false | head -1",
                "mos train --help | head -1",
            ])
        {
            CommandRun run = await MosProcess.ShellAsync(line);
            Assert.AreEqual(141, run.ExitCode, line);
            Assert.HasCount(1, run.OutputLines);
            Assert.AreEqual("", run.Error);
        }

        Assert.IsLessThan(TimeSpan.FromSeconds(60), clock.Elapsed);
    }

    [TestMethod]
    public async Task A_full_disk_is_still_an_error()
    {
        string score = $"mos score --model '{_files["m.zip"]}' --input '{_files["valid.txt"]}'";
        (await MosProcess.ShellAsync($"{score} > /dev/full")).FailedWith(1, "No space left");
        (await MosProcess.ShellAsync($"{score} --output /dev/full")).FailedWith(1, "No space left");
    }

    public void Dispose() => _files.Dispose();
}
