using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Mos.Input.Tables;
using Mos.Tests.Support;

namespace Mos.Tests.Commands;

/// <summary>Tables in, tables out.</summary>
[TestClass]
public sealed class ScoreTablesTests : IDisposable
{
    private const string Scores = "LogLikelihood,TokenCount,OutOfVocabularyCount,Perplexity,BitsPerCharacter";

    private static readonly string[] s_texts = ["the cat", "a dog, \"sat\"\non\ta \\ mat", ""];

    private readonly Workspace _files = new();

    [TestInitialize]
    public void Train() => _files.Train("m.zip").Succeeded();

    [TestMethod]
    public void Every_format_holds_the_same_scores_beside_the_columns_of_every_other()
    {
        // The scores of the texts, which no file of plain lines can hold.
        string first = Score("--output", _files["first.csv"], "--input", Jsonl(), "--column", "body").Succeeded().Error;
        Assert.AreEqual("", first);
        string[] names = [.. Scores.Split(','), "id", "body", "Text"];
        string[][] expected = Read(_files["first.csv"], names);
        Assert.AreSequenceEqual(s_texts, expected.Select(row => row[6]));
        Assert.AreSequenceEqual(["3", "8", "1"], expected.Select(row => row[1]), "the text with the tab and the end of a line has seven words");
        string[] formats = ["csv", "tsv", "jsonl", "parquet", "tsv.gz"];
        foreach (string from in formats)
        {
            Score("--input", Jsonl(), "--column", "body", "--output", _files[$"from.{from}"]).Succeeded();
            foreach (string to in formats)
            {
                CommandRun run = Score("--input", _files[$"from.{from}"], "--column", "body", "--output", _files[$"to.{to}"]).Succeeded();
                StringAssert.StartsWith(run.Error, "mos: the scores take the place of the input's columns 'LogLikelihood', ");
                string[][] table = Read(_files[$"to.{to}"], names);
                foreach ((string[] row, string[] was) in table.Zip(expected))
                {
                    Assert.AreSequenceEqual(was[5..], row[5..], $"{from} to {to}");
                    foreach ((string cell, string figure) in row[..5].Zip(was))
                    {
                        Assert.AreEqual(Number(figure), Number(cell), 1e-4 * Math.Abs(Number(figure)), $"{from} to {to}");
                    }
                }
            }
        }
    }

    [TestMethod]
    public void A_table_of_texts_has_the_scores_of_the_same_lines()
    {
        string[] lines = ["the cat sat on a mat", "", "unheard words", "the dog"];
        string[] plain = [.. Score("--input", _files.Write("rows.txt", lines)).Succeeded().OutputLines.Select(Figures)];
        string csv = _files.Write("rows.csv", ["n,text", .. lines.Select((line, i) => $"{i},{line}")]);
        CollectionAssert.AreEqual(plain, Score("--input", csv, "--column", "text").Succeeded().OutputLines.Select(Figures).ToArray());

        static string Figures(string line) => string.Join('\t', line.Split('\t')[..5]);
    }

    [TestMethod]
    public void Vectors_are_arrays_in_JSON_and_lists_in_Parquet()
    {
        string[] options = ["--input", Jsonl(), "--column", "body", "--per-token", "--top", "2"];
        JsonElement[] rows = [.. Score([.. options, "--format", "jsonl"]).Succeeded().OutputLines.Select(line => JsonElement.Parse(line))];
        Assert.AreSequenceEqual(["the", "cat", "<eos>"], rows[0].GetProperty("Tokens").EnumerateArray().Select(token => token.GetString()!));
        Assert.AreEqual(6, rows[0].GetProperty("TopProbabilities").GetArrayLength());
        Score([.. options, "--output", _files["s.parquet"]]).Succeeded();
        TableRow[] parquet = [.. TableReader.Read(TableFormat.Parquet, new(keepsPipes: false), _files["s.parquet"])];
        Assert.AreEqual(rows[0].GetProperty("Tokens").GetRawText(), Cell.Text(parquet[0].Values[5]));
        Assert.AreEqual(rows[1].GetProperty("TopTokens").GetRawText(), Cell.Text(parquet[1].Values[8]));
    }

    [TestMethod]
    public void An_id_column_is_written_in_the_place_of_all_columns()
    {
        string[] lines = Score("--input", Jsonl(), "--column", "body", "--id-column", "id", "--format", "csv").Succeeded().OutputLines;
        Assert.AreEqual($"{Scores},id", lines[0]);
        Assert.AreSequenceEqual(["7", "8", "9"], lines[1..].Select(line => line.Split(',')[^1]));
        Score("--input", Jsonl(), "--column", "body", "--id-column", "key").FailedWith(1, "no column 'key'", "'id', 'body', 'Text'");
    }

    [TestMethod]
    public void A_column_may_be_what_each_row_follows()
    {
        string table = _files.Write("choices.csv", "question,answer", "the cat sat,on a mat", "a dog saw,one");
        string questions = _files.Write("q.txt", "the cat sat", "a dog saw"), answers = _files.Write("a.txt", "on a mat", "one");
        string[] options = ["--ignore-end-of-sentence", "--per-token"];
        string[] lines = Score(["--input", answers, "--given-lines", questions, .. options]).Succeeded().OutputLines;
        string[] scored = Score(["--input", table, "--column", "answer", "--context-column", "question", .. options]).Succeeded().OutputLines;
        Assert.AreSequenceEqual(lines.Select(Figures), scored.Select(Figures));
        Assert.Contains("IsGreedy", scored[0]);
        StringAssert.EndsWith(scored[1], "\tthe cat sat\ton a mat");
        Score("--input", table, "--column", "answer", "--context-column", "q").FailedWith(1, "no column 'q'; it has 'question', 'answer'");
        Score("--input", table, "--column", "answer", "--context-column", "question", "--given", "a").FailedWith(2, "--given and --context-column");

        static string Figures(string line) => string.Join('\t', line.Split('\t')[..9]);
    }

    [TestMethod]
    public void What_comes_before_a_row_that_is_wrong_is_scored_and_written()
    {
        string bad = _files.Write("bad.jsonl", """{"text":"the cat"}""", """{"text":"a dog"}""", """{"text":7}""", """{"text":"a"}""");
        foreach (string format in (string[])["tsv", "csv", "jsonl"])
        {
            CommandRun run = Score("--input", bad, "--column", "text", "--format", format);
            Assert.AreEqual(1, run.ExitCode);
            StringAssert.StartsWith(run.Error, $"mos: '{bad}', line 3, has 7 in column 'text'");
            string output = string.Join('\n', run.OutputLines);
            Assert.AreEqual(2, output.Split("the cat").Length + output.Split("a dog").Length - 2, output);
        }

        string older = _files.Write("scores.csv", "older");
        Assert.AreEqual(1, Score("--input", bad, "--column", "text", "--output", older).ExitCode);
        Assert.AreEqual("older\n", File.ReadAllText(older));
    }

    [TestMethod]
    public void Rows_may_have_other_columns_in_JSON_and_fewer_in_all_others()
    {
        string rows = _files.Write("r.jsonl", """{"text":"a","x":1}""", """{"text":"the"}""", """{"text":"dog","y":[2]}""");
        CommandRun json = Score("--input", rows, "--column", "text", "--format", "jsonl").Succeeded();
        Assert.AreSequenceEqual(
            ["\"text\":\"a\",\"x\":1}", "\"text\":\"the\"}", "\"text\":\"dog\",\"y\":[2]}"],
            json.OutputLines.Select(line => line[line.IndexOf("\"text\"", StringComparison.Ordinal)..]));
        CommandRun csv = Score("--input", rows, "--column", "text", "--format", "csv");
        Assert.AreEqual(1, csv.ExitCode);
        Assert.AreSequenceEqual(["text,x", "a,1", "the,"], csv.OutputLines.Select(line => string.Join(',', line.Split(',')[5..])));
        StringAssert.Contains(csv.Error, "line 3, has a column 'y' that the first row has not");
    }

    [TestMethod]
    public void Columns_of_plain_lines_and_Parquet_in_a_pipe_are_refused()
    {
        string text = _files.Write("rows.txt", "the cat");
        Score("--input", text, "--column", "text").FailedWith(2, "--column", $"'{text}'", "--input-format");
        Score("--input", text, "--format", "parquet").FailedWith(2, "Parquet", "--output");
        Score("--input", text, "--output", _files["s.parquet.gz"]).FailedWith(2, "Parquet", "compresses itself");
        Score("--input", "-", "--input-format", "parquet").FailedWith(1, "'-' is a pipe", "write it to a file");
    }

    [TestMethod]
    public void All_commands_read_tables()
    {
        string[] lines = [.. File.ReadLines(_files["train.txt"])];
        string table = _files.Write("train.csv", ["n,words", .. lines.Select((line, i) => $"{i},{line}")]);
        string[] read = ["--column", "words"];
        CommandRun.Of(["train", "--train", table, .. read, "--model", _files["t.zip"], .. Workspace.Tiny()]).Succeeded();
        CommandRun.Of(["train", "--train", _files["train.txt"], "--model", _files["p.zip"], .. Workspace.Tiny()]).Succeeded();
        string[] names = ["evaluate", "rank", "compare"];
        foreach (string name in names)
        {
            string[] options = [name, "--model", _files["t.zip"], .. name == "evaluate" ? [] : (string[])["--contexts", "50"]];
            CommandRun tables = CommandRun.Of([.. options, "--data", table, .. read]).Succeeded();
            Assert.AreEqual(
                Timeless(CommandRun.Of([.. options, "--data", _files["train.txt"]]).Succeeded().Output), Timeless(tables.Output), name);
            CommandRun.Of([.. options, "--data", table]).FailedWith(1, "line 2, has no column 'Text'; it has 'n', 'words'.");
        }

        Assert.AreEqual(
            CommandRun.Of("evaluate", "--model", _files["p.zip"], "--data", table, "--column", "words").Output,
            CommandRun.Of("evaluate", "--model", _files["t.zip"], "--data", table, "--column", "words").Output);

        // Times and memory are those of a run.
        static string Timeless(string output) =>
            string.Join('\n', output.Split('\n').Where(line => !line.StartsWith("t ", StringComparison.Ordinal)));
    }

    public void Dispose() => _files.Dispose();

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private string Jsonl() => _files.Write(
        "a.jsonl",
        [
            .. s_texts.Select((text, i) => JsonSerializer.Serialize(
                new Dictionary<string, object> { ["id"] = $"{i + 7}", ["body"] = text, ["Text"] = "é" })),
        ]);

    private CommandRun Score(params string[] options) => CommandRun.Of(["score", "--model", _files["m.zip"], .. options]);

    private static string[][] Read(string path, string[] names)
    {
        TableRow[] rows = [.. TableReader.Read(TableFormats.Of(path)!.Value, new(keepsPipes: false), path)];
        Assert.AreSequenceEqual(names, rows[0].Columns.Select(column => column.Name), path);
        if (TableFormats.IsGzip(path))
        {
            using var zip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            Assert.AreNotEqual(-1, zip.ReadByte());
        }

        return [.. rows.Select(row => row.Values.Select(Cell.Text).ToArray())];
    }
}
