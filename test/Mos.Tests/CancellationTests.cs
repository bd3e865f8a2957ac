using Mos.Tests.Support;

namespace Mos.Tests;

[TestClass]
public sealed class CancellationTests : IDisposable
{
    private readonly Workspace _files = new();

    [TestMethod]
    public void Training_cancelled_at_a_step_saves_a_model_that_evaluates()
    {
        using var cancellation = new CancellationTokenSource();
        var error = new CancellingWriter(cancellation, after: "validation");
        string text = _files.Write("train.txt", Workspace.Sentences(100, seed: 1));
        CommandRun run = CommandRun.Of(
            error, cancellation.Token,
            ["train", "--train", text, "--valid", text, "--model", _files["m.zip"], .. Workspace.Tiny("--epochs", "100000")]);
        Assert.AreEqual(130, run.ExitCode, run.Error);
        StringAssert.Contains(run.ErrorLines[^1], _files["m.zip"]);
        CommandRun.Of("evaluate", "--model", _files["m.zip"], "--data", text).Succeeded();
    }

    [TestMethod]
    public void Training_cancelled_before_the_first_step_leaves_the_older_model()
    {
        string text = _files.Write("train.txt", Workspace.Sentences(100, seed: 1));
        string older = _files.Write("m.zip", "older");
        CommandRun run = CommandRun.Of(
            new StringWriter(),
            new CancellationToken(canceled: true),
            ["train", "--train", text, "--model", older, .. Workspace.Tiny()]);
        Assert.AreEqual(130, run.ExitCode, run.Error);
        Assert.AreEqual("mos: cancelled before the first step; there is no model to save.", run.ErrorLines[^1]);
        Assert.AreEqual("older\n", File.ReadAllText(older));
    }

    [TestMethod]
    public void Training_cancelled_before_the_first_validation_says_so_and_how_it_ended()
    {
        using var cancellation = new CancellationTokenSource();
        var error = new CancellingWriter(cancellation, after: "step 1/");
        string text = _files.Write("train.txt", Workspace.Sentences(100, seed: 1));
        CommandRun run = CommandRun.Of(
            error, cancellation.Token, ["train", "--train", text, "--valid", text, "--model", _files["m.zip"], .. Workspace.Tiny()]);
        Assert.AreEqual(130, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, "ended by               cancellation");
        StringAssert.Contains(run.Output, "validation perplexity  not measured (ended before the first validation)");
    }

    public void Dispose() => _files.Dispose();
}
