using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Mos.Options;
using Mos.Output;
using Mos.Reports.Pages;
using Mos.Reports.Tables;
using Mos.Sweeps;
using Mos.Sweeps.Measuring;

namespace Mos.Commands;

/// <summary><c>mos sweep</c>: many models trained alike, and what their perplexity costs.</summary>
internal sealed class SweepCommand : MosCommand
{
    private readonly Option<string> _output = new("--output")
    {
        Description = "A folder for everything. One that has a sweep already goes on where it ended, with what the lists add.",
        HelpName = "folder",
        Required = true,
    };

    private readonly SweepChoices _choices = new();

    private readonly Option<int> _contexts = CommonOptions.Integer(
        "--contexts", 1_000, "The number of contexts of the test text for the rank of each model; 0 for no rank.");

    private readonly Option<int> _rounds = CommonOptions.Integer(
        "--rounds", 5, "How often the cost of each configuration is measured; 0 for not at all.");

    private readonly Option<bool> _measure = new("--measure")
    {
        Description = "Measure the costs again, when the machine is quiet; without it, only where there are new configurations.",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public SweepCommand()
        : base(
            "sweep",
            "Trains heads of several kinds and sizes under one budget, measures what each costs, and makes a page of perplexity against " +
            "seconds, parameters and memory. After a Ctrl-C or a failure, the same command with --output alone goes on. All options of " +
            "'mos train' that are not listed are those of every run.",
            "mos sweep --train ptb.train.txt.gz --valid ptb.valid.txt.gz --test ptb.test.txt.gz --output sweep --heads softmax moc mos " +
            "--experts 2 5 10 --embedding-sizes 64 128 --seeds 1 2 --maximum-time 30m",
            "mos sweep --output sweep",
            "mos sweep --output sweep --heads plif \"mos --experts 15 --latent-rank 40\"",
            "mos sweep --output sweep --measure --rounds 9")
        => AddOptions([_output, .. _choices.Own, _contexts, _rounds, _measure, _json, .. _choices.OfTraining]);

    protected override int Run(Session session)
    {
        Checked(() => CheckCounts(session.Get(_rounds), session.Get(_contexts)));
        var folder = new SweepFolder(Path.GetFullPath(session.Get(_output)));
        using IDisposable taken = folder.Take();
        SweepSettings settings = _choices.Create(session, folder.Settings);
        folder.Save(settings);
        using var interrupt = new Interrupt(
            session, $"stopping at the next step; 'mos sweep --output {session.Get(_output)}' goes on from there.");
        SweepSummary summary = Train(session, folder, settings, interrupt.Token);
        if (NeedsMeasuring(session, summary))
        {
            Measure(session, folder, settings, summary, interrupt.Token);
            summary = Show(folder, settings);
        }

        if (session.Get(_json))
        {
            session.WriteJson(summary);
        }
        else
        {
            TextTable.Write(session.Output, "configuration", SweepTable.Columns, summary.Configurations, one => one.Name);
        }

        return Conclude(session, folder, summary);
    }

    private static bool CheckCounts(int rounds, int contexts)
    {
        OptionRange.Range(rounds, 0, 1_000);
        OptionRange.Range(contexts, 0, int.MaxValue);
        return true;
    }

    private SweepSummary Train(Session session, SweepFolder folder, SweepSettings settings, CancellationToken cancellation)
    {
        SweepRun[] missing = [.. settings.Runs.Where(run => folder.Result(run) is null or { Error: not null })];
        var trial = new SweepTrial(folder, settings, session.Get(_contexts), session.Error, cancellation);
        var clock = Stopwatch.StartNew();
        foreach ((int done, SweepRun run) in missing.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            string left = done == 0 ? "" : $"; about {TimeLeft.Text(TimeLeft.Of(clock.Elapsed, (double)done / missing.Length))} left for training";
            session.WriteMessage($"run {settings.Runs.Length - missing.Length + done + 1} of {settings.Runs.Length}, {run.Name}{left}.");
            trial.Run(run);
            Show(folder, settings);
        }

        return Show(folder, settings);
    }

    private bool NeedsMeasuring(Session session, SweepSummary summary) => session.Get(_rounds) > 0 && summary.Configurations.Count > 0
        && (session.Get(_measure) || summary.Configurations.Any(configuration => configuration.TrainingSeconds is null));

    private void Measure(
        Session session, SweepFolder folder, SweepSettings settings, SweepSummary summary, CancellationToken cancellation)
    {
        SweepRun[] runs =
        [
            .. summary.Configurations.Select(configuration => settings.Runs.Single(run => run.Name == configuration.Runs[0].Name)),
        ];
        var read = Array.ConvertAll(runs, run => TrainCommand.Read(settings.TrainingArguments(run.Arguments, folder.File(run, "model.zip"))));
        MLContext ml = session.OpenContext(read[0].Gpu);
        var measurer = new Measurer(folder, ml, settings.LoadTest(ml), [.. runs.Zip(read, (run, of) => (run, of.Settings))]);
        folder.Save(measurer.Measure(session.Get(_rounds), session.WriteMessage, cancellation));
    }

    private static SweepSummary Show(SweepFolder folder, SweepSettings settings)
    {
        var summary = SweepSummary.Of(folder, settings);
        folder.SaveSummary(summary);
        AtomicFile.WriteText(folder.Table, writer => SweepRows.Write(writer, summary));
        AtomicFile.WriteText(folder.Page, writer => SweepPage.Write(writer, summary));
        return summary;
    }

    private static int Conclude(Session session, SweepFolder folder, SweepSummary summary)
    {
        session.WriteMessage($"the page is '{folder.Page}'.");
        if (summary.Failed.Count == 0)
        {
            return ExitCode.Done;
        }

        session.WriteMessage(
            $"{summary.Failed.Count} of {summary.Planned} runs failed; the same command tries them again: " +
            string.Join("; ", summary.Failed.Select(run => $"{run.Name}: {run.Error}")));
        return ExitCode.Failed;
    }
}
