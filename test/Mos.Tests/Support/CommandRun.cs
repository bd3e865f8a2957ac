using System.Text.Json;

namespace Mos.Tests.Support;

/// <summary>The exit code and the output of a run of the command line.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output.TrimEnd().Split('\n')[^1]).RootElement;

    public string[] OutputLines => Output.TrimEnd('\n').Split('\n');

    public string[] ErrorLines => Error.TrimEnd('\n').Split('\n');

    /// <summary>Runs the command line in this process.</summary>
    public static CommandRun Of(params string[] args) => Of(new StringWriter(), CancellationToken.None, args);

    public static CommandRun Of(StringWriter error, CancellationToken cancellation, params string[] args)
    {
        var output = new StringWriter();
        int exitCode = CommandLine.Run(args, output, error, cancellation);
        return new(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Asserts that the run succeeded, and returns it.</summary>
    public CommandRun Succeeded()
    {
        Assert.AreEqual(0, ExitCode, Error);
        return this;
    }

    /// <summary>
    /// Asserts the exit code, that standard output is empty, and that standard error is one line, after wrong usage with a hint.
    /// </summary>
    public void FailedWith(int exitCode, params string[] words)
    {
        Assert.AreEqual(exitCode, ExitCode, Error);
        Assert.AreEqual("", Output);
        string message = ErrorLines[0];
        StringAssert.StartsWith(message, "mos: ");
        foreach (string word in words)
        {
            StringAssert.Contains(message, word);
        }

        Assert.HasCount(exitCode == 2 ? 2 : 1, ErrorLines);
    }
}
