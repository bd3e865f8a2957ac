using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.MixtureOfSoftmaxes;
using Mos.Tests.Support;

namespace Mos.Tests.Commands;

[TestClass]
public sealed class ScoreCommandTests : IDisposable
{
    private static readonly string[] s_rows = ["the cat sat on a mat", "", "unheard words", "a\tdog \\ and", "the dog"];

    private readonly Workspace _files = new();

    [TestInitialize]
    public void TrainModel()
    {
        _files.Train("m.zip").Succeeded();
        _files.Write("rows.txt", s_rows);
    }

    [TestMethod]
    public void Each_row_has_its_counts_its_text_and_a_perplexity_that_fits_its_log_likelihood()
    {
        string[][] table = Table(Score().Output);
        CollectionAssert.AreEqual(
            new[] { "LogLikelihood", "TokenCount", "OutOfVocabularyCount", "Perplexity", "BitsPerCharacter", "Text" }, table[0]);
        string[][] rows = table[1..];
        CollectionAssert.AreEqual(new[] { "7", "1", "3", "5", "3" }, rows.Select(r => r[1]).ToArray());
        CollectionAssert.AreEqual(new[] { "0", "0", "2", "1", "0" }, rows.Select(r => r[2]).ToArray());
        CollectionAssert.AreEqual(
            new[] { s_rows[0], "", s_rows[2], @"a\tdog \\ and", s_rows[4] }, rows.Select(r => r[5]).ToArray());
        foreach (string[] row in rows)
        {
            double expected = Math.Exp(-Number(row[0]) / Number(row[1]));
            Assert.AreEqual(expected, Number(row[3]), expected * 1e-5);
        }
    }

    [TestMethod]
    public void On_ASCII_the_bits_per_character_of_byte_pairs_are_the_bits_per_byte_that_evaluate_gives()
    {
        _files.Train("m.zip", "--tokenizer", "bpe", "--vocabulary-size", "280").Succeeded();
        string[][] rows = Table(Score().Output)[1..];
        double bits = rows.Zip(s_rows, (row, text) => Number(row[4]) * (text.Length + 1)).Sum();
        JsonElement whole = CommandRun.Of(
            "evaluate", "--model", _files["m.zip"], "--data", _files["rows.txt"], "--context", "row", "--json").Succeeded().Json;
        Assert.AreEqual(whole.GetProperty("bitsPerByte").GetDouble(), bits / s_rows.Sum(text => text.Length + 1), 1e-5);
    }

    [TestMethod]
    public void By_token_there_are_texts_log_likelihoods_ranks_and_the_likeliest_words()
    {
        string[][] table = Table(Score("--per-token", "--top", "3").Output);
        CollectionAssert.AreEqual(
            new[] { "Tokens", "TokenLogLikelihoods", "TokenRanks", "TopTokens", "TopProbabilities", "Text" }, table[0][5..]);
        string[][] cells = [.. table[1..].Select(row => row[5..10])];
        Assert.AreEqual("the cat sat on a mat <eos>", cells[0][0]);
        Assert.AreEqual("<eos>", cells[1][0]);
        Assert.AreEqual("<unk> <unk> <eos>", cells[2][0]);
        for (int i = 0; i < cells.Length; i++)
        {
            string[][] values = [.. cells[i].Select(cell => cell.Split(' '))];
            int tokens = values[0].Length;
            CollectionAssert.AreEqual(
                new[] { tokens, tokens, tokens, 3 * tokens, 3 * tokens }, values.Select(v => v.Length).ToArray());
            Assert.AreEqual(Number(table[1 + i][0]), values[1].Sum(Number), 1e-4);
            for (int t = 0; t < tokens; t++)
            {
                int place = Array.IndexOf(values[3], values[0][t], 3 * t, 3) - (3 * t);
                double rank = Number(values[2][t]);
                Assert.AreEqual(place >= 0 ? place + 1 : Math.Max(4, rank), rank, "the rank is the place among the top");
                Assert.IsTrue(place < 0 || Math.Abs(Math.Exp(Number(values[1][t])) - Number(values[4][(3 * t) + place])) < 1e-5);
            }
        }
    }

    [TestMethod]
    public void What_is_skipped_is_told_beside_the_table()
    {
        CommandRun run = Score("--skipped-prior", "0.6");
        StringAssert.Contains(run.Error, "mos: experts: 1.00 for each token, priors of 0.");
        CollectionAssert.AreEqual(Table(Score().Output)[0], Table(run.Output)[0]);
        Assert.AreEqual("", Score().Error);
    }

    [TestMethod]
    public void Rows_that_follow_a_text_have_what_the_whole_has_more_than_the_text()
    {
        _files.Write("rows.txt", "on a mat", "dog the");
        string[][] table = Table(Score("--given", "the cat sat", "--per-token").Output);
        CollectionAssert.AreEqual(new[] { "IsGreedy", "Tokens" }, table[0][5..7]);
        _files.Write("rows.txt", "the cat sat on a mat", "the cat sat dog the");
        string[][] whole = Table(Score("--per-token").Output);
        for (int row = 1; row <= 2; row++)
        {
            double[] expected = [.. whole[row][6].Split(' ').Select(Number).Skip(3)];
            Assert.AreEqual(expected.Sum(), Number(table[row][0]), 1e-4);
            Assert.AreEqual($"{expected.Length}", table[row][1]);
            Assert.AreEqual(whole[row][7].Split(' ').Skip(3).All(rank => rank == "1") ? "true" : "false", table[row][5]);
        }
    }

    [TestMethod]
    public void Rows_that_follow_lines_have_the_scores_of_each_after_its_own()
    {
        _files.Write("rows.txt", "on a mat", "dog the");
        _files.Write("before.txt", "the cat sat", "a <eos> the");
        string[][] table = Table(Score("--given-lines", _files["before.txt"], "--ignore-end-of-sentence").Output);
        Assert.AreEqual(Number(Table(Score("--given", "the cat sat", "--ignore-end-of-sentence").Output)[1][0]), Number(table[1][0]), 1e-5);
        Assert.AreEqual(Number(Table(Score("--given", "a <eos> the", "--ignore-end-of-sentence").Output)[2][0]), Number(table[2][0]), 1e-5);
    }

    [TestMethod]
    [DataRow(2, "one of them", "--given", "a", "--given-lines", "{0}")]
    [DataRow(2, "--context can only be row", "--given", "a", "--context", "stream")]
    [DataRow(2, "context is empty", "--given", " ")]
    [DataRow(1, "Row 1 cannot be scored", "--given", "a")]
    [DataRow(1, "more lines of contexts than of text", "--given-lines", "{0}", "--input", "{1}")]
    [DataRow(1, "fewer lines of contexts than of text", "--given-lines", "{1}")]
    public void What_rows_follow_is_said_once_and_for_each(int exitCode, string message, params string[] options)
    {
        string[] files = [_files["rows.txt"], _files.Write("one.txt", "the")];
        string[] given = [.. options.Select(option => string.Format(CultureInfo.InvariantCulture, option, files))];
        string[] input = given.Contains("--input") ? [] : ["--input", files[0]];
        CommandRun run = CommandRun.Of(["score", "--model", _files["m.zip"], .. input, .. given]);
        Assert.AreEqual(exitCode, run.ExitCode, run.Error);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Texts_of_every_column_are_written_so_that_they_can_be_read_back()
    {
        _files.Train("m.zip", "--tokenizer", "bpe", "--vocabulary-size", "256").Succeeded();
        foreach ((string[] row, string text) in Table(Score("--per-token", "--top", "1000").Output)[1..].Zip(s_rows))
        {
            string[] tokens = Texts(row[5]), top = Texts(row[8]);
            Assert.AreEqual("<eos>", tokens[^1]);
            Assert.AreEqual(text, BytePairTokenizingTransformer.Detokenize(tokens[..^1]));
            Assert.AreEqual(text, Texts(row[10].Replace(' ', '_'))[0].Replace('_', ' '));
            Assert.HasCount(256 + 2, top.Distinct(), "all bytes and the two marks");
            CollectionAssert.Contains(top, @"\");
        }

        static string[] Texts(string cell) =>
            [.. cell.Split(' ').Select(text => Regex.Replace(text, @"\\(.)", escape => escape.Value == @"\t" ? "\t" : escape.Groups[1].Value))];
    }

    [TestMethod]
    public void Unknown_words_and_ends_of_sentences_can_be_left_out()
    {
        string[][] all = Table(Score("--per-token").Output)[1..];
        string[][] some = Table(Score("--ignore-unknown", "--ignore-end-of-sentence").Output)[1..];
        CollectionAssert.AreEqual(new[] { "6", "0", "0", "3", "2" }, some.Select(r => r[1]).ToArray());
        CollectionAssert.AreEqual(new[] { "0", "0", "2", "1", "0" }, all.Select(r => r[2]).ToArray());
        CollectionAssert.AreEqual(new[] { "0", "0", "0", "0", "0" }, some.Select(r => r[2]).ToArray());
        for (int i = 0; i < all.Length; i++)
        {
            string[] tokens = all[i][5].Split(' '), logLikelihoods = all[i][6].Split(' ');
            double expected = tokens.Zip(logLikelihoods).SkipLast(1).Where(t => t.First != "<unk>").Sum(t => Number(t.Second));
            Assert.AreEqual(expected, Number(some[i][0]), 1e-4);
        }
    }

    [TestMethod]
    public void A_top_of_nothing_is_wrong_usage() => CommandRun.Of(
        "score", "--model", _files["m.zip"], "--input", _files["rows.txt"], "--top", "0")
        .FailedWith(2, "--top", "0", "at least 1");

    [TestMethod]
    public void The_rows_add_up_to_what_evaluate_says()
    {
        string[][] rows = Table(Score().Output)[1..];
        JsonElement metrics = CommandRun.Of(
            "evaluate", "--model", _files["m.zip"], "--data", _files["rows.txt"], "--context", "row", "--json").Succeeded().Json;
        double crossEntropy = -rows.Sum(r => Number(r[0])) / rows.Sum(r => Number(r[1]));
        Assert.AreEqual(metrics.GetProperty("crossEntropy").GetDouble(), crossEntropy, 1e-6);
    }

    [TestMethod]
    public void A_file_holds_what_standard_output_would_and_replaces_an_older_one()
    {
        string older = _files.Write("scores.tsv", "older");
        Assert.AreEqual("", Score("--output", older).Output);
        Assert.AreEqual(Score().Output, File.ReadAllText(older));
    }

    [TestMethod]
    public void A_cancelled_table_leaves_the_older_file_and_nothing_else()
    {
        string older = _files.Write("scores.tsv", "older");
        string[] before = Directory.GetFiles(Path.GetDirectoryName(older)!);
        CommandRun run = CommandRun.Of(
            new StringWriter(), new CancellationToken(canceled: true),
            "score", "--model", _files["m.zip"], "--input", _files["rows.txt"], "--output", older);
        Assert.AreEqual(130, run.ExitCode, run.Error);
        Assert.AreEqual("older\n", File.ReadAllText(older));
        CollectionAssert.AreEquivalent(before, Directory.GetFiles(Path.GetDirectoryName(older)!));
    }

    [TestMethod]
    public void A_table_that_takes_more_than_five_seconds_says_on_standard_error_how_far_it_is()
    {
        string input = _files.Write("many.txt", Workspace.Sentences(2100, seed: 3));
        var error = new StringWriter();
        int exitCode = CommandLine.Run(["score", "--model", _files["m.zip"], "--input", input], new SlowWriter(), error);
        Assert.AreEqual(0, exitCode);
        string line = error.ToString().Split('\n')[0];
        StringAssert.StartsWith(line, "mos: Scored 2,048 rows, ");
        StringAssert.EndsWith(line, " tokens/s");
    }

    public void Dispose() => _files.Dispose();

    private static string[][] Table(string output) => [.. output.TrimEnd('\n').Split('\n').Select(line => line.Split('\t'))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private CommandRun Score(params string[] options) =>
        CommandRun.Of(["score", "--model", _files["m.zip"], "--input", _files["rows.txt"], .. options]).Succeeded();

    /// <summary>Takes five seconds to write its second line, the first row.</summary>
    private sealed class SlowWriter : StringWriter
    {
        private int _lines;

        public override void WriteLine(string? value)
        {
            if (++_lines == 2)
            {
                Thread.Sleep(TimeSpan.FromSeconds(5.1));
            }
        }
    }
}
