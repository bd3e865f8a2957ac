using Mos.Tests.Support;

namespace Mos.Tests.Commands;

[TestClass]
public sealed class PythonCommandTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    [DataRow("words")]
    [DataRow("bpe")]
    public void A_model_that_goes_to_Python_and_comes_back_scores_as_before(string tokenizer)
    {
        _files.Train("m.zip", "--tokenizer", tokenizer).Succeeded();
        Assert.AreEqual(_files["py"], Export().Succeeded().OutputLines.Single());
        string summary = CommandRun.Of("import", "--from", _files["py"], "--model", _files["back.zip"]).Succeeded().Output;
        StringAssert.StartsWith(summary, "MixtureOfSoftmaxes, ");
        Assert.AreEqual(Score("m.zip"), Score("back.zip"));

        string Score(string model) =>
            CommandRun.Of("score", "--model", _files[model], "--input", _files["valid.txt"], "--per-token").Succeeded().Output;
    }

    [TestMethod]
    public void The_card_has_what_was_said_and_the_figures_of_the_rows()
    {
        _files.Train("m.zip").Succeeded();
        Export("--title", "Cats", "--license-name", "mit", "--trained-on", "made-up sentences", "--data", _files["valid.txt"]).Succeeded();
        string card = File.ReadAllText(Path.Combine(_files["py"], "README.md"));
        string perplexity = CommandRun.Of("evaluate", "--model", _files["m.zip"], "--data", _files["valid.txt"], "--context", "row")
            .Succeeded().OutputLines[0].Split(' ')[^1];
        string[] parts =
        [
            "# Cats", "license: \"mit\"", "| data | made-up sentences |", "`mos export --data valid.txt`: each row by itself",
            $"| perplexity per token | {perplexity} (95 % interval ",
        ];
        foreach (string part in parts)
        {
            StringAssert.Contains(card, part);
        }
    }

    [TestMethod]
    public void Without_a_target_it_says_what_there_is()
    {
        _files.Train("m.zip").Succeeded();
        CommandRun.Of("export", "--model", _files["m.zip"]).FailedWith(2, "--python");
    }

    [TestMethod]
    public void What_goes_wrong_on_the_way_back_is_one_line()
    {
        _files.Train("m.zip").Succeeded();
        Export().Succeeded();
        AssertFails(1, "config.json", "import", "--from", Directory.CreateDirectory(_files["empty"]).FullName, "--model", _files["back.zip"]);
        AssertFails(2, "--vocabulary", "import", "--from", _files["py"], "--model", _files["back.zip"], "--vocabulary", "words.txt");
        AssertFails(2, "--vocabulary is needed", "import", "--from", _files["m.zip"], "--model", _files["back.zip"]);
        AssertFails(
            1, "without the 'data.pkl'", "import", "--from", _files["m.zip"], "--model", _files["back.zip"], "--vocabulary",
            _files.Write("words.txt", "<unk>", "<eos>", "the"));
        AssertFails(
            2, "--end-of-sentence: ", "import", "--from", _files["m.zip"], "--model", _files["back.zip"], "--vocabulary", _files["words.txt"],
            "--unknown-word", "<eos>", "--end-of-sentence", "<eos>");
        Assert.IsFalse(File.Exists(_files["back.zip"]));
    }

    public void Dispose() => _files.Dispose();

    private static void AssertFails(int exitCode, string part, params string[] arguments) =>
        CommandRun.Of(arguments).FailedWith(exitCode, part);

    private CommandRun Export(params string[] options) =>
        CommandRun.Of(["export", "--model", _files["m.zip"], "--python", _files["py"], .. options]);
}
