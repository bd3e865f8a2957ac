using Mos.Tests.Support;

namespace Mos.Tests.Commands;

/// <summary><c>mos train --cache</c>: a text is read once for its words and its tokens, and a changed one again.</summary>
[TestClass]
public sealed class TrainCacheTests : IDisposable
{
    private readonly Workspace _files = new();

    private string Cache => _files["cache"];

    [TestMethod]
    [DataRow]
    [DataRow("--tokenizer", "bpe", "--vocabulary-size", "270")]
    public void A_second_run_reads_what_the_first_has_left_and_gives_the_same_model(params string[] tokenizer)
    {
        string plain = Perplexity(tokenizer), first = Perplexity([.. tokenizer, "--cache", Cache]);
        Assert.AreEqual(plain, first);
        Assert.HasCount(2, Directory.GetFiles(Cache));
        CommandRun second = _files.Train("m.zip", [.. tokenizer, "--cache", Cache]).Succeeded();
        Assert.Contains("tokenizer.zip' is used", second.Error);
        Assert.AreEqual(plain, Evaluate());
        Assert.HasCount(2, Directory.GetFiles(Cache));
    }

    [TestMethod]
    public void Another_text_gets_files_of_its_own_and_another_tokenizer_as_far_as_its_tokens_differ()
    {
        _files.Train("m.zip", "--cache", Cache).Succeeded();
        _files.Train("m.zip", "--cache", Cache, "--minimum-count", "2").Succeeded();
        Assert.HasCount(3, Directory.GetFiles(Cache));
        string longer = _files.Write("longer.txt", [.. Workspace.Sentences(100, seed: 1), "the cat sat"]);
        CommandRun.Of(["train", "--train", longer, "--model", _files["m.zip"], .. Workspace.Tiny("--cache", Cache)]).Succeeded();
        Assert.HasCount(5, Directory.GetFiles(Cache));
    }

    [TestMethod]
    public void Files_of_a_tokenizer_that_cut_text_in_another_way_get_tokens_of_their_own()
    {
        _files.Train("pairs.zip", "--tokenizer", "bpe", "--vocabulary-size", "270").Succeeded();
        string[] paths = CommandRun.Of("tokenizer", "--model", _files["pairs.zip"], "--output", _files["t"]).Succeeded().OutputLines;
        string[] files = ["--tokenizer", "byte-level-bpe", "--tokenizer-files", .. paths.Where(path => path.Length > 0)];
        foreach (string pieces in (string[])["gpt2", "[a-c]", "gpt2"])
        {
            string[] options = [.. files, "--tokenizer-pieces", pieces];
            Assert.AreEqual(Perplexity(options), Perplexity([.. options, "--cache", Cache]), pieces);
        }

        Assert.HasCount(4, Directory.GetFiles(Cache));
    }

    [TestMethod]
    public void Damaged_files_are_made_anew_and_it_is_said()
    {
        _files.Train("m.zip", "--cache", Cache).Succeeded();
        string whole = Evaluate();
        foreach (string path in Directory.GetFiles(Cache))
        {
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..^20]);
        }

        CommandRun run = _files.Train("m.zip", "--cache", Cache).Succeeded();
        Assert.Contains("It is made anew", run.Error);
        Assert.AreEqual(whole, Evaluate());
    }

    [TestMethod]
    public void Files_are_shuffled_where_that_is_asked_for()
    {
        _files.Write("valid.txt", Workspace.Sentences(30, seed: 2));
        string[] shards = [.. Workspace.Sentences(100, seed: 1).Chunk(25).Select((part, i) => _files.Write($"shard{i}.txt", part))];
        Assert.AreEqual(Train(), Train());
        Assert.AreNotEqual(Train(), Train("--shuffle-files"));
        Assert.AreEqual(Train("--shuffle-files"), Train("--shuffle-files", "--cache", Cache));

        string Train(params string[] more)
        {
            CommandRun.Of(["train", "--train", .. shards, "--model", _files["m.zip"], .. Workspace.Tiny(["--epochs", "3", .. more])]).Succeeded();
            return Evaluate();
        }
    }

    public void Dispose() => _files.Dispose();

    private string Perplexity(string[] options)
    {
        _files.Train("m.zip", options).Succeeded();
        return Evaluate();
    }

    private string Evaluate() =>
        CommandRun.Of("evaluate", "--model", _files["m.zip"], "--data", _files["valid.txt"], "--json").Succeeded().Output;
}
