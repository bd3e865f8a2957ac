using Microsoft.Extensions.Logging;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Models;
using Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Observability;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.DependencyInjection.Batching;

/// <summary>Scores a batch and completes each of its requests. What cannot be scored fails alone.</summary>
/// <param name="score">Scores texts, or throws if it cannot score one of them.</param>
/// <param name="scoreGiven">The same of texts given a context.</param>
/// <param name="metrics">Counts the outcomes.</param>
/// <param name="logger">Gets the errors.</param>
internal sealed class BatchRunner(
    Func<IEnumerable<string>, IReadOnlyList<TextScore>> score, Func<string, IEnumerable<string>, IReadOnlyList<TextScore>> scoreGiven,
    ScorerMetrics metrics, ILogger logger)
{
    public void Run(IReadOnlyList<BatchRequest> batch)
    {
        BatchRequest[] wanted = [.. batch.Where(request => !request.Completion.IsCompleted)];
        if (wanted.Length < batch.Count)
        {
            metrics.Cancelled(batch.Except(wanted).Sum(request => request.Texts));
        }

        if (wanted.Length > 0)
        {
            metrics.Batched(wanted.Sum(request => request.Texts));
            Score<ScoreRequest, TextScore>(
                wanted.OfType<ScoreRequest>().ToArray(),
                texts => score(texts.Select(text => text.Text)),
                (_, score) => (score.LogLikelihood, score.TokenCount));
            foreach (ContinuationRequest request in wanted.OfType<ContinuationRequest>())
            {
                Score<ContinuationRequest, IReadOnlyList<TextScore>>(
                    new[] { request },
                    _ => [scoreGiven(request.Context, request.Continuations)],
                    (_, scores) => (scores.Sum(score => score.LogLikelihood), scores.Sum(score => score.TokenCount)));
            }

            foreach (IGrouping<LoadedModel, PromptRequest> prompts in wanted.OfType<PromptRequest>().GroupBy(prompt => prompt.Model))
            {
                Score<PromptRequest, SequenceScores>(
                    prompts.ToArray(),
                    some => prompts.Key.ScorePrompts([.. some.Select(prompt => prompt.Tokens)], some.Max(prompt => prompt.TopCount)),
                    (prompt, scores) => (scores.LogLikelihoods.Take(prompt.Length).Sum(value => (double)value), prompt.Length));
            }
        }
    }

    private void Score<TRequest, TScore>(
        ArraySegment<TRequest> requests,
        Func<ArraySegment<TRequest>, IReadOnlyList<TScore>> score,
        Func<TRequest, TScore, (double LogLikelihood, int Tokens)> sum)
        where TRequest : BatchRequest<TScore>
    {
        if (requests.Count == 0)
        {
            return;
        }

        IReadOnlyList<TScore> scores;
        try
        {
            scores = score(requests);
        }
        catch (Exception e)
        {
            if (requests.Count == 1)
            {
                Fail(requests[0], requests[0].Explain(e));
            }
            else if (e is GpuFailureException)
            {
                FailTogether(requests, e);
            }
            else
            {
                // Halve the batch to find what cannot be scored, and to score the rest.
                Score(requests[..(requests.Count / 2)], score, sum);
                Score(requests[(requests.Count / 2)..], score, sum);
            }

            return;
        }

        for (int i = 0; i < scores.Count; i++)
        {
            (double logLikelihood, int tokens) = sum(requests[i], scores[i]);
            Complete(requests[i], scores[i], logLikelihood, tokens);
        }
    }

    private void Complete<TScore>(BatchRequest<TScore> request, TScore score, double logLikelihood, int tokens)
    {
        if (!double.IsFinite(logLikelihood))
        {
            Fail(request, new InvalidOperationException(
                $"The model gives the text the log-likelihood {logLikelihood}, which is not a finite number."));
        }
        else if (request.Complete(score))
        {
            metrics.Scored(request.Texts, tokens, request.Elapsed);
        }
        else
        {
            metrics.Cancelled(request.Texts);
        }
    }

    /// <summary>It was no request's fault: whatever is tried next fails as well.</summary>
    private void FailTogether<TRequest>(ArraySegment<TRequest> requests, Exception error) where TRequest : BatchRequest
    {
        Log.BatchFailed(logger, error, requests.Count, error.Message);
        foreach (TRequest request in requests)
        {
            metrics.Failed(request.Texts);
            request.Fail(request.Explain(error));
        }
    }

    private void Fail(BatchRequest request, Exception error)
    {
        // A caller's own fault is told to the caller alone.
        if (error is not ArgumentException)
        {
            Log.ScoringFailed(logger, error, request.Length);
        }

        metrics.Failed(request.Texts);
        request.Fail(error);
    }
}
