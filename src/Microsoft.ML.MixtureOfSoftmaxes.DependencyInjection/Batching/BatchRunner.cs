using Microsoft.Extensions.Logging;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;

/// <summary>Scores a batch and completes each of its requests. A text that cannot be scored fails alone.</summary>
/// <param name="score">Scores texts, or throws if it cannot score one of them.</param>
/// <param name="metrics">Counts the outcomes.</param>
/// <param name="logger">Gets the errors.</param>
internal sealed class BatchRunner(
    Func<IEnumerable<string>, IReadOnlyList<TextScore>> score, ScorerMetrics metrics, ILogger logger)
{
    public void Run(IReadOnlyList<ScoreRequest> batch)
    {
        ScoreRequest[] wanted = [.. batch.Where(request => !request.Result.IsCompleted)];
        for (int i = wanted.Length; i < batch.Count; i++)
        {
            metrics.Cancelled();
        }

        if (wanted.Length > 0)
        {
            metrics.Batched(wanted.Length);
            Score(wanted);
        }
    }

    private void Score(ArraySegment<ScoreRequest> requests)
    {
        IReadOnlyList<TextScore> scores;
        try
        {
            scores = score(requests.Select(request => request.Text));
        }
        catch (Exception e)
        {
            if (requests.Count == 1)
            {
                Fail(requests[0], new InvalidOperationException("The text could not be scored: the inner exception says why.", e));
            }
            else
            {
                // Halve the batch to find the text that cannot be scored, and to score the others.
                Score(requests[..(requests.Count / 2)]);
                Score(requests[(requests.Count / 2)..]);
            }

            return;
        }

        for (int i = 0; i < scores.Count; i++)
        {
            Complete(requests[i], scores[i]);
        }
    }

    private void Complete(ScoreRequest request, TextScore score)
    {
        if (!double.IsFinite(score.LogLikelihood))
        {
            Fail(request, new InvalidOperationException(
                $"The model gives the text the log-likelihood {score.LogLikelihood}, which is not a finite number."));
        }
        else if (request.Complete(score))
        {
            metrics.Scored(score.TokenCount, request.Elapsed);
        }
        else
        {
            metrics.Cancelled();
        }
    }

    private void Fail(ScoreRequest request, Exception error)
    {
        Log.ScoringFailed(logger, error, request.Text.Length);
        metrics.Failed();
        request.Fail(error);
    }
}
