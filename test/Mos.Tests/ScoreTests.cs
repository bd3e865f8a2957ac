using System.Globalization;
using System.Text.Json;

namespace Mos.Tests;

[TestClass]
public sealed class ScoreTests : IDisposable
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
        CollectionAssert.AreEqual(new[] { "LogLikelihood", "TokenCount", "OutOfVocabularyCount", "Perplexity", "Text" }, table[0]);
        string[][] rows = table[1..];
        CollectionAssert.AreEqual(new[] { "7", "1", "3", "5", "3" }, rows.Select(r => r[1]).ToArray());
        CollectionAssert.AreEqual(new[] { "0", "0", "2", "1", "0" }, rows.Select(r => r[2]).ToArray());
        CollectionAssert.AreEqual(
            new[] { s_rows[0], "", s_rows[2], @"a\tdog \\ and", s_rows[4] }, rows.Select(r => r[4]).ToArray());
        foreach (string[] row in rows)
        {
            double expected = Math.Exp(-Number(row[0]) / Number(row[1]));
            Assert.AreEqual(expected, Number(row[3]), expected * 1e-5);
        }
    }

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

    public void Dispose() => _files.Dispose();

    private static string[][] Table(string output) => [.. output.TrimEnd('\n').Split('\n').Select(line => line.Split('\t'))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private CommandRun Score(params string[] options) =>
        CommandRun.Of(["score", "--model", _files["m.zip"], "--input", _files["rows.txt"], .. options]).Succeeded();
}
