using Microsoft.Extensions.Logging;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Completion;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;

/// <summary>
/// The model on one device, and the loop that scores with it. One loop is enough for a device, as a batch takes all cores or the whole GPU.
/// </summary>
internal sealed class ServedDevice : IDisposable
{
    // What has failed once is tried again now and then, as not every failure lasts; meanwhile other devices take the batches.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    private readonly BatchRunner _runner;

    /// <param name="options">The scorer's.</param>
    /// <param name="gpu">The GPU; null for the CPU.</param>
    /// <param name="score">Puts a prompt into the queue.</param>
    /// <param name="metrics">Counts the outcomes.</param>
    /// <param name="logger">Gets the errors.</param>
    /// <exception cref="InvalidDataException">The file is missing, damaged, or holds no model that scores text.</exception>
    public ServedDevice(
        LanguageModelScorerOptions options, int? gpu, Func<PromptRequest, CancellationToken, Task<SequenceScores>> score, ScorerMetrics metrics,
        ILogger logger)
    {
        Model = new(options, gpu, metrics, logger);
        _runner = new(Model.Score, Model.Score, metrics, logger);
        Completer = new(Model, options, score);
    }

    public ServedModel Model { get; }

    public Completer Completer { get; }

    public bool HasFailed => Model.DeviceError is not null;

    /// <summary>Takes batches from the queue until it is closed and empty.</summary>
    /// <param name="queue">The queue, from which other devices may take batches too.</param>
    /// <param name="mayPause">Whether another device works.</param>
    /// <param name="stop">Ends a pause.</param>
    public async Task ScoreBatchesAsync(BatchQueue queue, Func<bool> mayPause, CancellationToken stop)
    {
        var batch = new List<BatchRequest>();
        while (await queue.ReadBatchAsync(batch).ConfigureAwait(false))
        {
            _runner.Run(batch);
            if (HasFailed && mayPause())
            {
                await Task.Delay(s_pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (stop.IsCancellationRequested)
                {
                    return; // What still waits is for the others.
                }
            }
        }
    }

    public void Dispose() => Model.Dispose();
}
