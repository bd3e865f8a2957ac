using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;

namespace Mos.Sweeps;

/// <summary>Trains a run and measures its model, by the commands that do this for one model.</summary>
/// <param name="folder">Where the run has its files.</param>
/// <param name="settings">The sweep.</param>
/// <param name="contexts">Contexts for the rank; 0 for none.</param>
/// <param name="error">Takes messages and progress, marked with the run's name.</param>
/// <param name="cancellation">Ends a run, which can go on later.</param>
internal sealed class SweepTrial(
    SweepFolder folder, SweepSettings settings, int contexts, TextWriter error, CancellationToken cancellation)
{
    private static readonly string[] s_scoringOptions = ["--device", "--column", "--input-format"];

    /// <exception cref="OperationCanceledException">The run was cancelled; its checkpoint is written.</exception>
    public RunResult Run(SweepRun run)
    {
        string model = folder.File(run, "model.zip"), checkpoints = folder.File(run, "checkpoints");
        try
        {
            JsonElement trained = Execute(
                run,
                [
                    "train", .. settings.TrainingArguments(run.Arguments, model),
                    "--checkpoints", checkpoints, "--resume", "--log-file", folder.File(run, "log.jsonl"),
                ]);
            JsonElement evaluated = Execute(run, ["evaluate", .. Scoring(model)]);
            var result = new RunResult
            {
                Perplexity = Get<double>(evaluated, "perplexity"),
                PerplexityInterval = Get<ConfidenceInterval?>(evaluated, "perplexityInterval"),
                ValidationPerplexity = Get<double?>(trained, "validationPerplexity"),
                Parameters = Get<long>(trained, "parameters"),
                Tokens = Get<long>(trained, "tokens"),
                Seconds = Get<double>(trained, "seconds"),
                Epochs = Get<int>(trained, "epochs"),
                End = Get<TrainingEnd>(trained, "end"),
                Rank = Rank(run, model),
            };
            folder.Save(run, result);
            Directory.Delete(checkpoints, recursive: true); // as large as several models, and no run goes on past its budget
            return result;
        }
        catch (CommandFailedException e)
        {
            var result = new RunResult { Error = e.Message };
            folder.Save(run, result);
            return result;
        }
    }

    // A rank that cannot be measured, as of a text with few tokens, is no reason to do without the perplexity.
    private int? Rank(SweepRun run, string model)
    {
        try
        {
            return contexts == 0
                ? null
                : Get<int>(
                    Execute(run, ["rank", .. Scoring(model), "--contexts", $"{contexts}"]).GetProperty("models")[0].GetProperty("rank"), "rank");
        }
        catch (CommandFailedException)
        {
            return null;
        }
    }

    private string[] Scoring(string model) =>
    [
        "--model", model, "--data", .. settings.Texts["--test"].Files,
        .. settings.Options.Where(option => s_scoringOptions.Contains(option.Key))
            .SelectMany(option => (string[])[option.Key, .. option.Value]),
    ];

    private JsonElement Execute(SweepRun run, string[] arguments)
    {
        using var output = new StringWriter();
        using var messages = new RunMessages(error, run.Name);
        int code = CommandLine.Run([.. arguments, "--json"], output, messages, cancellation);
        return code switch
        {
            ExitCode.Done => JsonDocument.Parse(output.ToString()).RootElement,
            ExitCode.Cancelled => throw new OperationCanceledException(cancellation),
            _ => throw new CommandFailedException(messages.Failure),
        };
    }

    private static T Get<T>(JsonElement element, string name) => element.GetProperty(name).Deserialize<T>(FigureJson.Options)!;

    private sealed class CommandFailedException(string message) : Exception(message);
}
