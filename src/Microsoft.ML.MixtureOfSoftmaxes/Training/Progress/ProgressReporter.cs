using System.Text.Json;
using Microsoft.ML.MixtureOfSoftmaxes.Persistence;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// Passes a run's progress on: to the user's handler at every step; to ML.NET's channels, the log file and TensorBoard every few seconds and
/// at each validation.
/// </summary>
internal sealed class ProgressReporter : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly IChannel _channel;
    private readonly IProgressChannel _progress;
    private readonly IProgress<TrainingProgress>? _handler;
    private readonly StreamWriter? _log;
    private readonly TensorBoardFolder? _board;
    private TrainingProgress? _latest;
    private TimeSpan _next;

    public ProgressReporter(
        IChannel channel, IProgressChannel progress, IProgress<TrainingProgress>? handler, string? logFile, string? boardFolder = null)
    {
        _channel = channel;
        _progress = progress;
        _handler = handler;
        _log = logFile is null ? null : new StreamWriter(logFile, append: true) { AutoFlush = true };
        _board = boardFolder is null ? null : new(boardFolder);
        progress.SetHeader(new ProgressHeader(["loss", "validation perplexity", "learning rate"], ["epochs", "tokens"]), Fill);
    }

    public void Report(TrainingProgress progress)
    {
        _latest = progress;
        _handler?.Report(progress);
        if (progress.ValidationPerplexity is null && progress.Elapsed < _next)
        {
            return;
        }

        _next = progress.Elapsed + s_interval;
        _progress.Checkpoint(progress.Loss, progress.ValidationPerplexity, progress.LearningRate, progress.Epoch, progress.Tokens);
        _channel.Info(MessageSensitivity.None, Describe(progress));
        _log?.WriteLine(JsonSerializer.Serialize(progress, FigureJson.Options));
        if (_board is not null)
        {
            Show(_board, progress);
        }
    }

    public void Dispose() => _log?.Dispose();

    private static void Show(TensorBoardFolder board, TrainingProgress progress)
    {
        (string Tag, double? Value)[] scalars =
        [
            ("train/loss", progress.Loss),
            ("train/perplexity", progress.Perplexity),
            ("train/learning_rate", progress.LearningRate),
            ("train/gradient_norm", progress.GradientNorm),
            ("train/tokens_per_second", progress.TokensPerSecond),
            ("train/epoch", progress.Epoch),
            ("train/tokens", progress.Tokens),
            ("validation/perplexity", progress.ValidationPerplexity),
            ("validation/loss", progress.ValidationPerplexity is double perplexity ? Math.Log(perplexity) : null),
        ];
        foreach ((string tag, double? value) in scalars)
        {
            if (value is not null)
            {
                board.Add(tag, value.Value, progress.Steps);
            }
        }
    }

    private static string Describe(TrainingProgress progress)
    {
        string validation = progress.ValidationPerplexity is double perplexity
            ? FormattableString.Invariant($", validation perplexity {perplexity:F2}")
            : "";
        return FormattableString.Invariant(
            $"Epoch {progress.Epoch}/{progress.MaximumEpochs}, step {progress.Step}/{progress.StepsPerEpoch}: perplexity {progress.Perplexity:F2}") +
            validation +
            FormattableString.Invariant(
                $", {progress.TokensPerSecond:F0} tokens/s, rate {progress.LearningRate:G3}, {TimeLeft.Text(progress.Remaining)} left");
    }

    private void Fill(IProgressEntry entry)
    {
        if (_latest is not null)
        {
            entry.SetMetric(0, _latest.Loss);
            entry.SetProgress(0, _latest.Epoch - 1 + ((double)_latest.Step / _latest.StepsPerEpoch), _latest.MaximumEpochs);
            entry.SetProgress(1, _latest.Tokens);
        }
    }
}
