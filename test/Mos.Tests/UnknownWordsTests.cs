using Mos.Tests.Support;

namespace Mos.Tests;

/// <summary>Texts whose words are mostly unknown are told on standard error, once for each run.</summary>
[TestClass]
public sealed class UnknownWordsTests : IDisposable
{
    private const string Text = "mos: 5 of the 8 words of the text are unknown, so ", TrainingText = " words of the training data are unknown, so ";

    private readonly Workspace _files = new();

    [TestMethod]
    public void Training_with_a_vocabulary_of_hardly_any_words_is_warned_of()
    {
        CommandRun run = _files.Train("m.zip", "--min-count", "1000").Succeeded();
        string line = Assert.ContainsSingle(run.ErrorLines.Where(line => line.Contains(TrainingText)));
        StringAssert.StartsWith(line, "mos: ");
        StringAssert.Contains(line, "MinimumCount");
    }

    [TestMethod]
    public void Text_in_other_words_than_the_model_knows_is_warned_of()
    {
        CommandRun run = _files.Train("m.zip").Succeeded();
        Assert.DoesNotContain(" are unknown", run.Error);
        string data = _files.Write("mostly-oov.txt", "the cat zzz qqq xxx www vvv sat", "");
        string[][] commands =
        [
            ["evaluate", "--data", data], ["evaluate", "--data", data, "--ignore-unknown"], ["score", "--input", data],
            ["compare", "--data", data, "--contexts", "4"],
        ];
        foreach (string[] command in commands)
        {
            string error = CommandRun.Of([.. command, "--model", _files["m.zip"]]).Succeeded().Error;
            string line = Assert.ContainsSingle(error.Split('\n').Where(line => line.StartsWith(Text)), error);
            StringAssert.Contains(line, "larger vocabulary");
        }

        CommandRun known = CommandRun.Of("evaluate", "--model", _files["m.zip"], "--data", _files["valid.txt"]).Succeeded();
        Assert.AreEqual("", known.Error);
    }

    public void Dispose() => _files.Dispose();
}
