using System.Threading.Channels;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;

/// <summary>
/// The bounded queue between callers and those who take batches, one of whom gathers one at a time. The texts of one call enter together or not
/// at all, which a bounded channel cannot do, so they are counted before they enter an unbounded one.
/// </summary>
internal sealed class BatchQueue(LanguageModelScorerOptions options) : IDisposable
{
    private readonly Channel<BatchRequest> _channel = Channel.CreateUnbounded<BatchRequest>(new() { SingleReader = true });
    private readonly SemaphoreSlim _reader = new(1);
    private int _length;

    public int Length => Volatile.Read(ref _length);

    /// <summary>The error of requests that come when the queue is closed.</summary>
    public static ObjectDisposedException ShutDown() => new(nameof(ILanguageModelScorer), "The scorer is shut down.");

    /// <exception cref="ScorerQueueFullException">There is no room for all requests; none of them entered.</exception>
    public void Enqueue(IReadOnlyList<BatchRequest> requests)
    {
        int texts = requests.Sum(request => request.Texts), length = Interlocked.Add(ref _length, texts);
        if (length > options.QueueCapacity)
        {
            Interlocked.Add(ref _length, -texts);
            throw new ScorerQueueFullException(length - texts, options.QueueCapacity);
        }

        foreach (BatchRequest request in requests)
        {
            if (!_channel.Writer.TryWrite(request))
            {
                Interlocked.Add(ref _length, -request.Texts);
                request.Fail(ShutDown());
            }
        }
    }

    /// <summary>Refuses new requests; those that wait are still read.</summary>
    public void Close() => _channel.Writer.TryComplete();

    /// <summary>
    /// Fills the list with the next batch, in the order of arrival. Returns false if the queue is closed and empty.
    /// </summary>
    public async ValueTask<bool> ReadBatchAsync(List<BatchRequest> batch)
    {
        batch.Clear();
        await _reader.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!await _channel.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                return false;
            }

            int characters = 0;
            Take(batch, ref characters);
            if (options.Linger > TimeSpan.Zero && batch.Count < options.BatchSize && Length == 0)
            {
                await Task.Delay(options.Linger).ConfigureAwait(false);
                Take(batch, ref characters);
            }

            return true;
        }
        finally
        {
            _reader.Release();
        }
    }

    public void Dispose() => _reader.Dispose();

    private void Take(List<BatchRequest> batch, ref int characters)
    {
        while (batch.Count < options.BatchSize
            && _channel.Reader.TryPeek(out BatchRequest? next)
            && (batch.Count == 0 || characters + next.Length <= options.BatchCharacters)
            && _channel.Reader.TryRead(out next))
        {
            Interlocked.Add(ref _length, -next.Texts);
            characters += next.Length;
            batch.Add(next);
        }
    }
}
