using System.Diagnostics;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;

/// <summary>What waits in the queue for its score. It is completed once: by the score, an error or cancellation.</summary>
/// <param name="length">Its characters, or its tokens if it comes as tokens.</param>
/// <param name="texts">How many texts it takes room for in the queue.</param>
internal abstract class BatchRequest(int length, int texts)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    public int Length => length;

    public int Texts => texts;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Ends with the outcome.</summary>
    public abstract Task Completion { get; }

    public abstract bool Fail(Exception error);

    public abstract bool Cancel(CancellationToken cancellationToken);

    /// <summary>What the caller is told of what kept it from being scored.</summary>
    public virtual Exception Explain(Exception error) =>
        new InvalidOperationException("The text could not be scored: the inner exception says why.", error);
}

/// <inheritdoc/>
internal abstract class BatchRequest<TScore>(int length, int texts = 1) : BatchRequest(length, texts)
{
    // Continuations of callers must not run on the thread that scores.
    private readonly TaskCompletionSource<TScore> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TScore> Result => _result.Task;

    public override Task Completion => Result;

    public bool Complete(TScore score) => _result.TrySetResult(score);

    public override bool Fail(Exception error) => _result.TrySetException(error);

    public override bool Cancel(CancellationToken cancellationToken) => _result.TrySetCanceled(cancellationToken);
}
