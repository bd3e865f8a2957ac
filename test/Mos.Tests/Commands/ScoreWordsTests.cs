using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mos.Input.Tables;
using Mos.Tests.Support;

namespace Mos.Tests.Commands;

/// <summary><c>mos score --per-word</c> with contexts and tables.</summary>
[TestClass]
public sealed class ScoreWordsTests : IDisposable
{
    private static readonly string[] s_columns =
        ["WordStarts", "WordLengths", "WordTokenCounts", "WordSurprisals", "WordIsUnknown", "EndSurprisal"];

    // Pairs of surrogates, marks that combine, white space of several kinds, none, and nothing but.
    private static readonly string[] s_texts =
        ["the cat", "", "  e\u0301te\u0301\t\U0001f469\u200d\U0001f52c the\u00a0a ", " \n ", "a\u0310\u0304 \U0001d54f,\"b\" unheard"];

    private readonly Workspace _files = new();

    public void Dispose() => _files.Dispose();

    [TestMethod]
    [DataRow("words")]
    [DataRow("bpe")]
    public void Words_stand_in_the_text_of_the_row_in_every_format_that_holds_it(string tokenizer)
    {
        _files.Train("m.zip", ["--tokenizer", tokenizer, .. tokenizer == "bpe" ? (string[])["--vocabulary-size", "280"] : []]).Succeeded();
        string input = _files.Compress(_files.Write(
            "rows.jsonl", [.. s_texts.Select((text, i) => JsonSerializer.Serialize(new { id = i, n = "x", body = text }))]));
        JsonElement[] rows = [.. Score("--input", input, "--column", "body", "--id-column", "id", "--format", "jsonl").OutputLines
            .Select(line => JsonElement.Parse(line))];
        Assert.HasCount(s_texts.Length, rows);
        foreach ((JsonElement row, string text) in rows.Zip(s_texts))
        {
            string[] columns = [.. row.EnumerateObject().Select(property => property.Name)];
            Assert.AreSequenceEqual([.. s_columns, "id"], columns[^7..], "the id in the place of all columns");
            string[] words = [.. Regex.Matches(text, @"\S+").Select(match => match.Value)];
            Assert.AreSequenceEqual(
                words, row.GetProperty("WordStarts").EnumerateArray().Zip(row.GetProperty("WordLengths").EnumerateArray())
                    .Select(place => text.Substring(place.First.GetInt32(), place.Second.GetInt32())));
            foreach (string name in s_columns[..5])
            {
                Assert.AreEqual(words.Length, row.GetProperty(name).GetArrayLength(), name);
            }

            double bits = row.GetProperty("WordSurprisals").EnumerateArray().Sum(word => word.GetDouble());
            double expected = -row.GetProperty("LogLikelihood").GetDouble() / Math.Log(2);
            Assert.AreEqual(expected, bits + row.GetProperty("EndSurprisal").GetDouble(), 1e-3);
        }

        string csv = _files["scores.csv.gz"], parquet = _files["scores.parquet"];
        Score("--input", input, "--column", "body", "--output", csv);
        Score("--input", input, "--column", "body", "--output", parquet);
        TableRow[] inCsv = Read(TableFormat.Csv, csv), inParquet = Read(TableFormat.Parquet, parquet);
        for (int i = 0; i < rows.Length; i++)
        {
            string starts = rows[i].GetProperty("WordStarts").GetRawText();
            Assert.AreEqual(starts, Cell.Text(Value(inParquet[i], "WordStarts")));
            Assert.AreEqual(starts, $"[{Cell.Text(Value(inCsv[i], "WordStarts")).Replace(' ', ',')}]", "separated by spaces, nothing for no word");
            Assert.AreEqual(s_texts[i], Cell.Text(Value(inCsv[i], "body")));
            Assert.AreEqual(s_texts[i], Cell.Text(Value(inParquet[i], "body")));
        }
    }

    [TestMethod]
    [DataRow("words", "")]
    [DataRow("bpe", " ")]
    [DataRow("byte-level-bpe", " ")]
    public void Words_of_rows_that_follow_a_text_are_those_of_the_whole_text(string tokenizer, string space)
    {
        Train(tokenizer);
        string[] contexts = ["the cat", "a dog saw"], rows = [$"{space}sat on a mat", $"{space}one"];
        string text = _files.Write("rows.txt", rows);
        string[][] whole = Bits(Score("--input", _files.Write("whole.txt", "the cat sat on a mat", "a dog saw one")));
        string[][] given = Bits(Score("--input", text, "--given", contexts[0]));
        string[][] lines = Bits(Score("--input", text, "--given-lines", _files.Write("given.txt", contexts)));
        string table = _files.Write("t.csv", ["before,after", .. contexts.Zip(rows, (before, after) => $"{before},\"{after}\"")]);
        string[][] columns = Bits(Score("--input", table, "--column", "after", "--context-column", "before"));
        AssertClose(whole[0][2..], given[0]);
        AssertClose(whole[0][2..], lines[0]);
        AssertClose(whole[1][3..], lines[1]);
        AssertClose(lines[0], columns[0]);
        AssertClose(lines[1], columns[1]);

        static void AssertClose(string[] expected, string[] actual)
        {
            Assert.HasCount(expected.Length, actual);
            foreach ((string bits, string of) in expected.Zip(actual))
            {
                Assert.AreEqual(Number(bits), Number(of), 1e-3);
            }
        }
    }

    /// <summary>The surprisals of each row's words, and of its end.</summary>
    private static string[][] Bits(CommandRun run)
    {
        string[][] table = [.. run.OutputLines.Where(line => line.Length > 0).Select(line => line.Split('\t'))];
        int words = Array.IndexOf(table[0], "WordSurprisals"), end = Array.IndexOf(table[0], "EndSurprisal");
        return [.. table[1..].Select(row => (string[])[.. row[words].Split(' '), row[end]])];
    }

    /// <summary>Byte pairs of files are those that are learnt here.</summary>
    private void Train(string tokenizer)
    {
        if (tokenizer == "words")
        {
            _files.Train("m.zip").Succeeded();
            return;
        }

        _files.Train("m.zip", "--tokenizer", "bpe", "--vocabulary-size", "280").Succeeded();
        if (tokenizer != "bpe")
        {
            string[] files = CommandRun.Of("tokenizer", "--model", _files["m.zip"], "--output", _files["files"]).Succeeded().OutputLines;
            _files.Train("m.zip", ["--tokenizer", tokenizer, "--tokenizer-files", .. files.Where(file => file.Length > 0)]).Succeeded();
        }
    }

    private CommandRun Score(params string[] options) => CommandRun.Of(["score", "--model", _files["m.zip"], "--per-word", .. options]).Succeeded();

    private static TableRow[] Read(TableFormat format, string path) => [.. TableReader.Read(format, new(keepsPipes: false), path)];

    private static object? Value(TableRow row, string column) => row.Values[row.Find(column)];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
