using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>What a model gives every token of a text, and what that costs.</summary>
/// <param name="LogLikelihoods">By row: those of its words and of its end-of-sentence mark.</param>
/// <param name="Time">Spent on all rows: by the fastest pass over them.</param>
/// <param name="PeakMemoryBytes">See <see cref="ComparedModel.PeakMemoryBytes"/>.</param>
internal sealed record ScoredText(IReadOnlyList<float[]> LogLikelihoods, TimeSpan Time, long PeakMemoryBytes)
{
    private const int RowsAtATime = 1024;
    private const int RowsToWarmUp = 32;

    // A short text is scored again until so much time has been spent: what else the machine does would hide what the model costs.
    private static readonly TimeSpan s_timeToMeasure = TimeSpan.FromSeconds(0.5);

    /// <exception cref="InvalidOperationException">A log-likelihood is not finite.</exception>
    public static ScoredText Of(
        string name, LanguageModelTransformer model, AnalyzedText text, IProgress<AnalysisProgress>? progress, Cancellation cancellation)
    {
        // Off the clock: what is scored first pays for what all find ready later, code, threads and memory.
        Score(text.Rows.Take(RowsToWarmUp), null);
        using var memory = new PeakMemory();
        long start = Stopwatch.GetTimestamp();
        List<float[]> scores = Score(text.Rows, progress);
        TimeSpan fastest = Stopwatch.GetElapsedTime(start);
        int wrong = scores.FindIndex(row => row.Any(score => !float.IsFinite(score)));
        if (wrong >= 0)
        {
            throw new InvalidOperationException(
                $"Model '{name}' gives a word of row {wrong} a log-likelihood that is not finite, so it has no perplexity: train it anew, or " +
                "take an earlier checkpoint.");
        }

        while (Stopwatch.GetElapsedTime(start) < s_timeToMeasure)
        {
            long again = Stopwatch.GetTimestamp();
            Score(text.Rows, null);
            TimeSpan time = Stopwatch.GetElapsedTime(again);
            fastest = time < fastest ? time : fastest;
        }

        return new(scores, fastest, memory.Bytes);

        List<float[]> Score(IEnumerable<int[]> rows, IProgress<AnalysisProgress>? handler)
        {
            var scores = new List<float[]>();
            using BatchScorer scorer = model.OpenScorer(cancellation);
            foreach (int[][] batch in rows.Chunk(RowsAtATime))
            {
                cancellation.ThrowIfRequested();
                scores.AddRange(scorer.ScoreTokens([.. batch.Select(Input)]).Select(row => row.LogLikelihoods));
                handler?.Report(new(name, AnalysisStage.Scoring, (double)scores.Count / text.Rows.Count));
            }

            return scores;
        }

        InputRow Input(int[] words) => new(words, StartsText: model.Scoring.Context == ScoringContext.Row);
    }
}
