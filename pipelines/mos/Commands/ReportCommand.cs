using System.CommandLine;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Mos.Input;
using Mos.Reports.Drawing;
using Mos.Reports.Pages;
using Mos.Reports.Runs;

namespace Mos.Commands;

/// <summary><c>mos report</c>: a page of the curves of training runs.</summary>
internal sealed class ReportCommand : MosCommand
{
    private readonly Option<string[]> _run = new("--run")
    {
        Description = "The log of a run, as 'mos train --log-file' writes it; the run may still go on. Several share the charts.",
        HelpName = "log.jsonl",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        Required = true,
    };

    private readonly Option<string> _output = new("--output")
    {
        Description = "The page to write; it replaces an older one only when complete.",
        HelpName = "report.html",
        Required = true,
    };

    public ReportCommand()
        : base(
            "report",
            "Makes an HTML page of training logs: the figures of each run, and curves of perplexity, learning rate and speed. " +
            "The page needs no other file and no network.",
            "mos report --run mos.jsonl --output report.html",
            "mos report --run softmax.jsonl --run mos.jsonl --output compared.html")
    {
        AddOptions(_run, _output);
    }

    protected override int Run(Session session)
    {
        string[] logs = session.Get(_run);
        string output = session.Get(_output);
        Check(logs, output);
        LoggedRun[] runs = RunLog.ReadAll(logs);
        foreach (LoggedRun run in runs)
        {
            foreach (string note in run.Notes)
            {
                session.WriteMessage($"{run.Name}: {note}.");
            }
        }

        AtomicFile.Prepare(output);
        AtomicFile.WriteText(output, writer => ReportPage.Write(writer, runs));
        return ExitCode.Done;
    }

    private static void Check(string[] logs, string output)
    {
        FileNames.CheckDistinct("--run", logs);
        if (logs.Select(AtomicFile.TargetOf).Contains(AtomicFile.TargetOf(output)))
        {
            throw new UsageException($"--output '{output}' is one of the logs; name another file.");
        }

        if (logs.Length > CurveStyle.Count)
        {
            throw new UsageException(
                $"--run names {logs.Length} logs; at most {CurveStyle.Count} can be told apart on one page.");
        }
    }
}
