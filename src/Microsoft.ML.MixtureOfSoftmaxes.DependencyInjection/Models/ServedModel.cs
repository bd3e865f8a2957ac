using Microsoft.Extensions.Logging;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;

/// <summary>
/// The model in use, which a newer file replaces between two batches. A file that cannot be used changes nothing but the log, the
/// metrics and <see cref="ReloadError"/>.
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

    /// <summary>Looks at the file at each interval until cancelled, and takes a new one when it has rested for one interval.</summary>
    public async Task FollowFileAsync(TimeSpan interval, CancellationToken cancellation)
    {
        FileStamp last = _tried;
        try
        {
            while (true)
            {
                // Ticks of a timer would follow each other sooner than that on a machine that was busy.
                await Task.Delay(interval, cancellation).ConfigureAwait(false);
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
