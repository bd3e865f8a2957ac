using Microsoft.Extensions.Logging;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;

/// <summary>
/// The model in use. When the file changes, a new model replaces it, and what has begun with the older one ends with it. If the new file
/// cannot be used, the model stays, and the log, the metrics and <see cref="ReloadError"/> say so.
/// </summary>
internal sealed class ServedModel : IDisposable
{
    private readonly LanguageModelScorerOptions _options;
    private readonly int? _gpu;
    private readonly ScorerMetrics _metrics;
    private readonly ILogger _logger;
    private LoadedModel _model;
    private FileStamp _tried;

    /// <param name="options">The scorer's.</param>
    /// <param name="gpu">Where it computes; null for the CPU.</param>
    /// <param name="metrics">Counts the outcomes of reloading.</param>
    /// <param name="logger">Gets them too.</param>
    /// <exception cref="InvalidDataException">The file is missing, damaged, or holds no model that scores text.</exception>
    public ServedModel(LanguageModelScorerOptions options, int? gpu, ScorerMetrics metrics, ILogger logger)
    {
        _options = options;
        _gpu = gpu;
        _metrics = metrics;
        _logger = logger;
        _model = LoadedModel.Load(options, gpu);
        _tried = _model.Stamp;
        Log.Loaded(logger, options.ModelPath, _model.VocabularySize, _model.ParameterCount);
    }

    public LoadedModel Current => Volatile.Read(ref _model);

    public string? ReloadError { get; private set; }

    /// <summary>How the GPU failed that the model is on; null if it did not, or works again.</summary>
    public string? DeviceError => Current.DeviceError;

    /// <summary>The current model, for a user who disposes it afterwards: until then it is not freed, though another replace it.</summary>
    /// <exception cref="ObjectDisposedException">The scorer is shut down.</exception>
    public LoadedModel Use()
    {
        LoadedModel model;
        do
        {
            model = Current;
            if (model.TryUse())
            {
                return model;
            }
        }
        while (model != Current);

        throw new ObjectDisposedException(nameof(ILanguageModelScorer), "The scorer is shut down.");
    }

    public IReadOnlyList<TextScore> Score(IEnumerable<string> texts)
    {
        using LoadedModel model = Use();
        return model.Score(texts);
    }

    public IReadOnlyList<TextScore> Score(string context, IEnumerable<string> continuations)
    {
        using LoadedModel model = Use();
        return model.Score(context, continuations);
    }

    /// <summary>
    /// Looks at the file after each interval, until cancelled, and reloads it when it has changed and then stayed the same.
    /// </summary>
    public async Task FollowFileAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        FileStamp last = _tried;
        try
        {
            while (true)
            {
                // Not a periodic timer: on a busy machine its ticks may follow each other after less than the interval.
                await Task.Delay(interval, cancellationToken).ConfigureAwait(false);
                FileStamp now = FileStamp.Of(_options.ModelPath);
                if (now == last && now != _tried)
                {
                    TryReload(now);
                }

                last = now;
            }
        }
        catch (OperationCanceledException)
        {
            // The scorer is shut down.
        }
    }

    public void Dispose() => _model.Dispose();

    private void TryReload(FileStamp stamp)
    {
        _tried = stamp;
        try
        {
            LoadedModel newer = LoadedModel.Load(_options, _gpu);
            Interlocked.Exchange(ref _model, newer).Dispose();
            ReloadError = null;
            _metrics.Reloaded(succeeded: true);
            Log.Loaded(_logger, _options.ModelPath, _model.VocabularySize, _model.ParameterCount);
        }
        catch (Exception e)
        {
            ReloadError = e.Message;
            _metrics.Reloaded(succeeded: false);
            Log.ReloadFailed(_logger, e, _options.ModelPath, e.Message);
        }
    }
}
