using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Completion;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection;

/// <summary>
/// Callers put texts into a queue, from which each device takes batches. Prompts of completions wait in the same queue.
/// </summary>
internal sealed class LanguageModelScorer : ILanguageModelScorer, ILanguageModelCompleter, IAsyncDisposable, IDisposable
{
    private readonly LanguageModelScorerOptions _options;
    private readonly BatchQueue _queue;
    private readonly ScorerMetrics _metrics;
    private readonly ServedDevice[] _devices;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lazy<Task> _shutdown;
    private readonly Task[] _work;

    /// <param name="name">The name that the model is registered by; null for the one without.</param>
    /// <param name="options">Its options by that name.</param>
    /// <param name="logger">Gets what the scorer has to say.</param>
    /// <param name="meters">Makes the meter.</param>
    public LanguageModelScorer(
        string? name, IOptionsMonitor<LanguageModelScorerOptions> options, ILogger<LanguageModelScorer> logger, IMeterFactory meters)
    {
        _options = options.Get(name);
        _queue = new(_options);
        _metrics = new(meters, name, () => _queue.Length);
        _devices = Load(logger);
        _shutdown = new(ShutDownAsync);
        _work =
        [
            .. _devices.Select(device => Task.Run(
                () => device.ScoreBatchesAsync(_queue, () => _devices.Any(other => !other.HasFailed), _stop.Token))),
            .. _options.ReloadInterval is TimeSpan interval
                ? _devices.Select(device => Task.Run(() => device.Model.FollowFileAsync(interval, _stop.Token)))
                : [],
        ];
    }

    public ScorerStatus Status
    {
        get
        {
            LoadedModel model = _devices[0].Model.Current;
            string[] failures = [.. _devices.Select(device => device.Model.DeviceError).OfType<string>()];
            return new(
                _options.ModelPath, model.Stamp.Written, model.Loaded, model.VocabularySize, model.ParameterCount,
                _queue.Length, _options.QueueCapacity, _devices.Select(device => device.Model.ReloadError).FirstOrDefault(error => error is not null),
                _devices.Length, failures.Length, failures.FirstOrDefault());
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
        ScoreRequest[] requests = [.. Check(texts).Select(text => new ScoreRequest(text))];
        await EnqueueAsync(requests, cancellationToken).ConfigureAwait(false);
        return await Task.WhenAll(requests.Select(request => request.Result)).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<TextScore>> ScoreAsync(
        string context, IReadOnlyList<string> continuations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(continuations);
        CheckLength(context, "The context");
        var request = new ContinuationRequest(context, [.. Check(continuations)]);
        await EnqueueAsync([request], cancellationToken).ConfigureAwait(false);
        return await request.Result.ConfigureAwait(false);
    }

    public IAsyncEnumerable<CompletionToken> CompleteAsync(
        string prompt, CompletionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Completer().CompleteAsync(model => model.ReadPrompt(Check([prompt])[0]), options ?? new(), cancellationToken);
    }

    public IAsyncEnumerable<CompletionToken> CompleteAsync(
        IReadOnlyList<int> promptTokens, CompletionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(promptTokens);
        return Completer().CompleteAsync(model => model.ReadPrompt(promptTokens), options ?? new(), cancellationToken);
    }

    /// <summary>Refuses new texts, scores those that wait, and then frees the model.</summary>
    public ValueTask DisposeAsync() => new(_shutdown.Value);

    public void Dispose() => _shutdown.Value.GetAwaiter().GetResult();

    private async Task ShutDownAsync()
    {
        _stop.Cancel();
        _queue.Close();
        await Task.WhenAll(_work).ConfigureAwait(false);
        Array.ForEach(_devices, device => device.Dispose());
        _queue.Dispose();
        _stop.Dispose();
    }

    /// <summary>The model on each device, one after the other; none if one cannot have it.</summary>
    private ServedDevice[] Load(ILogger logger)
    {
        List<ServedDevice> devices = [];
        try
        {
            foreach (int? gpu in _options.Devices)
            {
                devices.Add(new(_options, gpu, ScoreAsync, _metrics, logger));
            }

            return [.. devices];
        }
        catch
        {
            devices.ForEach(device => device.Dispose());
            throw;
        }
    }

    private async Task<SequenceScores> ScoreAsync(PromptRequest prompt, CancellationToken cancellationToken)
    {
        await EnqueueAsync([prompt], cancellationToken).ConfigureAwait(false);
        return await prompt.Result.ConfigureAwait(false);
    }

    /// <summary>That of the device that generates the fewest texts, of those that work if there are some.</summary>
    private Completer Completer() =>
        _devices.OrderBy(device => device.HasFailed).ThenBy(device => device.Completer.Generating).First().Completer;

    /// <summary>Puts requests into the queue, and waits until all are completed, with whatever outcome.</summary>
    /// <exception cref="ScorerQueueFullException">There is no room for them.</exception>
    private async Task EnqueueAsync(BatchRequest[] requests, CancellationToken cancellationToken)
    {
        if (_stop.IsCancellationRequested)
        {
            throw BatchQueue.ShutDown();
        }

        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            _queue.Enqueue(requests);
        }
        catch (ScorerQueueFullException)
        {
            _metrics.Rejected(requests.Sum(request => request.Texts));
            throw;
        }

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            _ => Array.ForEach(requests, request => request.Cancel(cancellationToken)), null);
        await Task.WhenAll(requests.Select(request => request.Completion)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

            CheckLength(texts[i], $"Text {i}");
        }

        return texts;
    }

    private void CheckLength(string text, string name)
    {
        if (text.Length > _options.MaximumTextLength)
        {
            throw new ArgumentException(
                $"{name} has {text.Length} characters, more than the {_options.MaximumTextLength} allowed: split it, or raise " +
                "MaximumTextLength.");
        }
    }
}
