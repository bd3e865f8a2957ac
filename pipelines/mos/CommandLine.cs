using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Mos;

/// <summary>From arguments to an exit code. Every <see cref="MosCommand"/> of this assembly is a command.</summary>
internal static class CommandLine
{
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
            ProcessTerminationTimeout = null, // Commands that have work to save take the signals themselves.
        };
        return parse.InvokeAsync(configuration, cancellation).GetAwaiter().GetResult();
    }

    /// <summary>Says what is wrong with the arguments and where to read about it.</summary>
    public static int Reject(ParseResult parse, IEnumerable<string> mistakes, TextWriter error)
    {
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
            "Language models with a mixture-of-softmaxes head: trains them on text, evaluates them, scores text with them. " +
            "Text files are UTF-8, plain or gzip, one row a line. Exit code: 0 done, 1 failed, 2 wrong usage, 130 cancelled.");
        foreach (Type type in typeof(CommandLine).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(MosCommand))).OrderBy(t => t.Name))
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
