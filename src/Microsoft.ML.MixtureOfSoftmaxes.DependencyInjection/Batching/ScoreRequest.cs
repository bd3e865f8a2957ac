using System.Diagnostics;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;

/// <summary>A text that waits for its score. It is completed once: by the score, an error or cancellation.</summary>
internal sealed class ScoreRequest(string text)
{
    // Continuations of callers must not run on the thread that scores.
    private readonly TaskCompletionSource<TextScore> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started = Stopwatch.GetTimestamp();

    public string Text => text;

    public Task<TextScore> Result => _result.Task;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    public bool Complete(TextScore score) => _result.TrySetResult(score);

    public bool Fail(Exception error) => _result.TrySetException(error);

    public bool Cancel(CancellationToken cancellationToken) => _result.TrySetCanceled(cancellationToken);
}
