using System.Globalization;
using Mos.Tests.Support;

namespace Mos.Tests.Commands;

[TestClass]
public sealed class TokenizerCommandTests : IDisposable
{
    private const string Vocabulary = "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\nthe\ncat\nsat\non\na\nmat\nand\nsaw\none\ndo\n##g";

    private readonly Workspace _files = new();

    public void Dispose() => _files.Dispose();

    [TestMethod]
    public void Learnt_byte_pairs_are_written_as_files_from_which_a_model_is_trained_with_the_same_tokens()
    {
        _files.Train("pairs.zip", "--tokenizer", "bpe", "--vocabulary-size", "280").Succeeded();
        string[] paths = CommandRun.Of("tokenizer", "--model", _files["pairs.zip"], "--output", _files["tokenizer"]).Succeeded().OutputLines;
        CollectionAssert.AreEqual(
            new[] { "vocab.json", "merges.txt" }, paths.Where(path => path.Length > 0).Select(path => Path.GetFileName(path)).ToArray());
        string[] options = ["--tokenizer", "byte-level-bpe", "--tokenizer-pieces", "runs", "--tokenizer-files"];
        _files.Train("again.zip", [.. options, .. paths.Where(path => path.Length > 0)]).Succeeded();
        Assert.AreEqual(Score("pairs.zip"), Score("again.zip"), "the same tokens, and so the same weights");

        string Score(string model) => CommandRun.Of(
            "score", "--model", _files[model], "--input", _files.Write("rows.txt", "the cat", "unheard  été"), "--per-token").Succeeded().Output;
    }

    [TestMethod]
    public void A_tokenizer_of_files_goes_from_training_to_words_and_text()
    {
        string vocabulary = _files.Write("vocab.txt", Vocabulary.Split('\n'));
        _files.Train("m.zip", "--tokenizer", "wordpiece", "--tokenizer-files", vocabulary).Succeeded();
        string rows = _files.Write("rows.txt", "The dogs  sat", "a dog");
        CommandRun scored = CommandRun.Of(
            "score", "--model", _files["m.zip"], "--input", rows, "--per-word", "--per-token").Succeeded();
        string[][] table = [.. scored.OutputLines.Where(line => line.Length > 0).Select(line => line.Split('\t'))];
        Dictionary<string, int> column = table[0].Index().ToDictionary(name => name.Item, name => name.Index);
        string[] row = table[1];
        Assert.AreEqual("the [UNK] sat <eos>", row[column["Tokens"]]);
        Assert.AreEqual("0 4 10", row[column["WordStarts"]]);
        Assert.AreEqual("3 4 3", row[column["WordLengths"]]);
        Assert.AreEqual("0 1 0", row[column["WordIsUnknown"]]);
        Assert.AreEqual("1 2", table[2][column["WordTokenCounts"]]);
        foreach (string[] cells in table[1..])
        {
            double words = cells[column["WordSurprisals"]].Split(' ').Sum(Number) + Number(cells[column["EndSurprisal"]]);
            Assert.AreEqual(-Number(cells[column["LogLikelihood"]]) / Math.Log(2), words, 1e-4);
        }

        CommandRun.Of("generate", "--model", _files["m.zip"], "--prompt", "the dog", "--seed", "1", "--max-tokens", "5").Succeeded();

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    [TestMethod]
    public void Wrong_options_and_files_are_named()
    {
        string vocabulary = _files.Write("vocab.txt", Vocabulary.Split('\n'));
        Train(["--tokenizer", "wordpiece"]).FailedWith(2, "--tokenizer-files");
        Train(["--tokenizer-files", vocabulary]).FailedWith(2, "--tokenizer-files", "wordpiece");
        Train(Of("wordpiece", "--tokenizer-pieces", "runs")).FailedWith(2, "--tokenizer-pieces");
        Train(Of("wordpiece", "--vocabulary-size", "9")).FailedWith(2, "--vocabulary-size");
        Train(Of("tiktoken", "--tokenizer-keep-case")).FailedWith(2, "--tokenizer-keep-case");
        Train(Of("byte-level-bpe")).FailedWith(2, "vocab.json, then merges.txt");
        Train(Of("tiktoken")).FailedWith(1, "Tiktoken", "make no tokenizer");
        Train(["--tokenizer", "wordpiece", "--tokenizer-files", _files["none.txt"]]).FailedWith(1, "none.txt");
        _files.Train("words.zip").Succeeded();
        CommandRun.Of("tokenizer", "--model", _files["words.zip"], "--output", _files["t"]).FailedWith(1, "no tokenizer");

        string[] Of(string kind, params string[] options) => ["--tokenizer", kind, "--tokenizer-files", vocabulary, .. options];

        CommandRun Train(string[] options) => _files.Train("m.zip", options);
    }
}
