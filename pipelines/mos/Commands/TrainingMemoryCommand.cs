using System.CommandLine;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Mos.Options;
using Mos.Sweeps;
using Mos.Sweeps.Measuring;
using Settings = Microsoft.ML.MixtureOfSoftmaxes.MixtureOfSoftmaxesTrainer.Options;

namespace Mos.Commands;

/// <summary><c>mos training-memory</c>, which 'mos sweep' starts: the memory that training a run takes, as one number.</summary>
internal sealed class TrainingMemoryCommand : MosCommand
{
    public const string CommandName = "training-memory";

    private readonly Option<string> _output = new("--output") { Required = true };
    private readonly Option<string> _run = new("--run") { Required = true };
    private readonly Option<int> _words = CommonOptions.Integer("--words", 0);

    public TrainingMemoryCommand()
        : base(CommandName, "Measures the memory of a training step of a run of a sweep.")
    {
        Hidden = true;
        AddOptions(_output, _run, _words);
    }

    /// <summary>Null where it could not be measured.</summary>
    public static long? Measure(SweepFolder folder, SweepRun run, int words, CancellationToken cancellation) =>
        long.TryParse(
            OwnProcess.Output(cancellation, CommandName, "--output", folder.Path, "--run", run.Name, "--words", $"{words}"), out long bytes)
            ? bytes
            : null;

    protected override int Run(Session session)
    {
        var folder = new SweepFolder(session.Get(_output));
        SweepSettings sweep = folder.Settings ?? throw new UsageException($"--output '{folder.Path}' has no sweep.");
        SweepRun run = sweep.Runs.FirstOrDefault(run => run.Name == session.Get(_run))
            ?? throw new UsageException($"--run '{session.Get(_run)}' is not one of the sweep in '{folder.Path}'.");
        (Settings settings, int? gpu) = TrainCommand.Read(sweep.TrainingArguments(run.Arguments, folder.File(run, "model.zip")));
        var device = ComputeDevice.Choose(HostSettings.Of(session.OpenContext(gpu)));
        session.WriteLine($"{TrainingWork.PeakBytes(settings, session.Get(_words), device)}");
        return ExitCode.Done;
    }
}
