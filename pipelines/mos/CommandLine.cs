using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Mos;

/// <summary>Parses arguments and runs the command. Every concrete <see cref="MosCommand"/> of this assembly is one.</summary>
internal static class CommandLine
{
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        ParseResult parse = CreateRoot().Parse(args);
        if (parse.Action is ParseErrorAction)
        {
            return Reject(parse, parse.Errors.Select(e => e.Message), error);
        }

        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // Commands with work to save handle the signals themselves.
        };
        try
        {
            return parse.InvokeAsync(configuration, cancellation).GetAwaiter().GetResult();
        }
        catch (IOException e) when (StandardStreams.IsReaderGone(e))
        {
            return ExitCode.ReaderGone;
        }
    }

    /// <summary>Says what is wrong with the arguments and how to get help.</summary>
    /// <returns>The exit code.</returns>
    public static int Reject(ParseResult parse, IEnumerable<string> mistakes, TextWriter error)
    {
        error = Speaker.FailureWriter(error);
        foreach (string mistake in mistakes.Distinct())
        {
            error.WriteLine($"mos: {mistake}");
        }

        Command command = parse.CommandResult.Command;
        error.WriteLine($"Try 'mos {(command is RootCommand ? "" : command.Name + " ")}--help'.");
        return ExitCode.WrongUsage;
    }

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand(
            "Trains language models with a mixture-of-softmaxes head on text, evaluates and compares them, and scores and " +
            "generates text with them. Text files are UTF-8, plain or gzip, with one row per line. Exit codes: 0 done, 1 " +
            "failed, 2 wrong usage, 130 cancelled, 141 the reader of the output has gone.");
        Type[] types = typeof(CommandLine).Assembly.GetTypes();
        foreach (Type type in types.Where(t => t.IsSubclassOf(typeof(MosCommand)) && !t.IsAbstract).OrderBy(t => t.Name))
        {
            root.Add((MosCommand)Activator.CreateInstance(type)!);
        }

        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            help.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            if (parseResult.CommandResult.Command is MosCommand command)
            {
                output.WriteLine("Examples:");
                foreach (string example in command.Examples)
                {
                    output.WriteLine($"  {example}");
                }
            }

            return ExitCode.Done;
        }
    }
}
