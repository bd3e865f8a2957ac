using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>
/// Callers put texts into a queue, from which one loop takes batches. One loop is enough, as a batch takes all cores or the whole
/// GPU.
/// </summary>
internal sealed class LanguageModelScorer : ILanguageModelScorer, IAsyncDisposable, IDisposable
{
    private readonly LanguageModelScorerOptions _options;
    private readonly BatchQueue _queue;
    private readonly ScorerMetrics _metrics;
    private readonly ServedModel _model;
    private readonly BatchRunner _runner;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lazy<Task> _shutdown;
    private readonly Task _scoring;
    private readonly Task _following;

    public LanguageModelScorer(
        IOptions<LanguageModelScorerOptions> options, ILogger<LanguageModelScorer> logger, IMeterFactory meters)
    {
        _options = options.Value;
        _queue = new(_options);
        _metrics = new(meters, () => _queue.Length);
        _model = new(_options, _metrics, logger);
        _runner = new(_model.Score, _metrics, logger);
        _shutdown = new(ShutDownAsync);
        _scoring = Task.Run(ScoreBatchesAsync);
        _following = _options.ReloadInterval is TimeSpan interval
            ? Task.Run(() => _model.FollowFileAsync(interval, _stop.Token))
            : Task.CompletedTask;
    }

    public ScorerStatus Status
    {
        get
        {
            LoadedModel model = _model.Current;
            return new(
                _options.ModelPath, model.Stamp.Written, model.Loaded, model.VocabularySize, model.ParameterCount,
                _queue.Length, _options.QueueCapacity, _model.ReloadError);
        }
    }

    public async ValueTask<TextScore> ScoreAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return (await ScoreAsync([text], cancellationToken).ConfigureAwait(false))[0];
    }

    public async ValueTask<IReadOnlyList<TextScore>> ScoreAsync(
        IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (_stop.IsCancellationRequested)
        {
            throw BatchQueue.ShutDown();
        }

        cancellationToken.ThrowIfCancellationRequested();
        ScoreRequest[] requests = [.. Check(texts).Select(text => new ScoreRequest(text))];
        try
        {
            _queue.Enqueue(requests);
        }
        catch (ScorerQueueFullException)
        {
            _metrics.Rejected(requests.Length);
            throw;
        }

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            _ => Array.ForEach(requests, request => request.Cancel(cancellationToken)), null);
        return await Task.WhenAll(requests.Select(request => request.Result)).ConfigureAwait(false);
    }

    /// <summary>Refuses new texts, scores those that wait, and then frees the model.</summary>
    public ValueTask DisposeAsync() => new(_shutdown.Value);

    public void Dispose() => _shutdown.Value.GetAwaiter().GetResult();

    private async Task ShutDownAsync()
    {
        _stop.Cancel();
        _queue.Close();
        await Task.WhenAll(_scoring, _following).ConfigureAwait(false);
        _model.Dispose();
        _stop.Dispose();
    }

    private async Task ScoreBatchesAsync()
    {
        var batch = new List<ScoreRequest>();
        while (await _queue.ReadBatchAsync(batch).ConfigureAwait(false))
        {
            _runner.Run(batch);
        }
    }

    private IReadOnlyList<string> Check(IReadOnlyList<string> texts)
    {
        if (texts.Count > _options.QueueCapacity)
        {
            throw new ArgumentException(
                $"{texts.Count} texts are more than the queue can ever hold, {_options.QueueCapacity}: split them, or raise " +
                "QueueCapacity.");
        }

        for (int i = 0; i < texts.Count; i++)
        {
            if (texts[i] is null)
            {
                throw new ArgumentException($"Text {i} is null.");
            }

            if (texts[i].Length > _options.MaximumTextLength)
            {
                throw new ArgumentException(
                    $"Text {i} has {texts[i].Length} characters, more than the {_options.MaximumTextLength} allowed: split it, " +
                    "or raise MaximumTextLength.");
            }
        }

        return texts;
    }
}
