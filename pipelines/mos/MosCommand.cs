using System.CommandLine;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Mos.Options;

namespace Mos;

/// <summary>A command: its options, its examples, and what it does. Turns exceptions into messages and exit codes.</summary>
internal abstract class MosCommand : Command
{
    private readonly Option<bool> _verbose = new("--verbose")
    {
        Description = "Show all messages, and the stack trace of an error.",
    };

    protected MosCommand(string name, string description, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
        SetAction((parse, cancellation) => Task.FromResult(Execute(parse, cancellation)));
    }

    /// <summary>Complete command lines, shown by <c>--help</c>.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Whether the processes that mpirun started share the work.</summary>
    protected virtual bool IsDistributed => false;

    /// <returns>The exit code.</returns>
    protected abstract int Run(Session session);

    /// <summary>
    /// Adds the options of the command, in the order in which help lists them, and those that every command has.
    /// </summary>
    protected void AddOptions(params IEnumerable<Option> options)
    {
        foreach (Option option in options.Append(_verbose))
        {
            Add(option);
        }
    }

    /// <summary>
    /// Runs <paramref name="create"/>. Where the library finds a property out of range, the error names the option that sets it.
    /// </summary>
    public static T Checked<T>(Func<T> create)
    {
        try
        {
            return create();
        }
        catch (ArgumentException e)
        {
            string option = e.ParamName is null ? "" : $"{Names.OptionOf(e.ParamName)}: ";
            throw new UsageException(option + Failure.Describe(e), e);
        }
    }

    private int Execute(ParseResult parse, CancellationToken cancellation)
    {
        using var session = new Session(parse, parse.GetValue(_verbose), cancellation);
        try
        {
            if (!IsDistributed && session.Launcher is not null)
            {
                throw new UsageException($"mos {Name} works in one process: start it without mpirun or srun.");
            }

            int code = Run(session);
            return session.IsFirst ? code : ExitCode.Done;
        }
        catch (UsageException e)
        {
            return CommandLine.Reject(parse, [e.Message], session.Error);
        }
        catch (OperationCanceledException)
        {
            MpiWorld.HasFailed = session.Launcher is not null;
            session.WriteMessage("cancelled.");
            return ExitCode.Cancelled;
        }
        catch (Exception e) when (!StandardStreams.IsReaderGone(e))
        {
            session.WriteFailure(e);
            return ExitCode.Failed;
        }
    }
}
