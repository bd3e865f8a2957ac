using System.Threading.Channels;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Completion;

/// <summary>
/// Lets as many texts be generated at a time as there are processors; more would only hold threads while they wait for the network. A
/// bounded number waits.
/// </summary>
internal sealed class GenerationTurns(int capacity)
{
    private readonly Channel<bool> _taken = Channel.CreateBounded<bool>(Environment.ProcessorCount);
    private int _waiting;

    /// <summary>A turn, which ends when it is disposed.</summary>
    /// <exception cref="ScorerQueueFullException">Too many wait already.</exception>
    public async ValueTask<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            int waiting = Interlocked.Increment(ref _waiting);
            if (waiting > capacity)
            {
                throw new ScorerQueueFullException(waiting - 1, capacity);
            }

            await _taken.Writer.WriteAsync(true, cancellationToken).ConfigureAwait(false);
            return new Turn(_taken.Reader);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private sealed class Turn(ChannelReader<bool> taken) : IDisposable
    {
        public void Dispose() => taken.TryRead(out _);
    }
}
