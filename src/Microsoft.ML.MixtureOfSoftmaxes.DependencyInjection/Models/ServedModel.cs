using Microsoft.Extensions.Logging;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;

/// <summary>
/// The model in use. When the file changes, a new model replaces it between two batches. If the new file cannot be used, the
/// model stays, and the log, the metrics and <see cref="ReloadError"/> say so.
/// </summary>
internal sealed class ServedModel : IDisposable
{
    private readonly LanguageModelScorerOptions _options;
    private readonly ScorerMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Lock _turn = new();
    private LoadedModel _model;
    private FileStamp _tried;

    /// <exception cref="InvalidDataException">The file is missing, damaged, or holds no model that scores text.</exception>
    public ServedModel(LanguageModelScorerOptions options, ScorerMetrics metrics, ILogger logger)
    {
        _options = options;
        _metrics = metrics;
        _logger = logger;
        _model = LoadedModel.Load(options);
        _tried = _model.Stamp;
        Log.Loaded(logger, options.ModelPath, _model.VocabularySize, _model.ParameterCount);
    }

    public LoadedModel Current => Volatile.Read(ref _model);

    public string? ReloadError { get; private set; }

    public IReadOnlyList<TextScore> Score(IEnumerable<string> texts)
    {
        lock (_turn)
        {
            return _model.Score(texts);
        }
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
            LoadedModel newer = LoadedModel.Load(_options);
            LoadedModel older = _model;
            lock (_turn)
            {
                _model = newer;
            }

            older.Dispose();
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
