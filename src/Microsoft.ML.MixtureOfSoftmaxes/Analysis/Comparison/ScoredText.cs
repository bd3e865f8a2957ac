using System.Diagnostics;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Scoring;

namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>What a model gives every token of a text, and what that costs.</summary>
/// <param name="LogLikelihoods">By row: those of its words and of its end-of-sentence mark.</param>
/// <param name="Time">Spent on all rows.</param>
/// <param name="PeakMemoryBytes">See <see cref="ComparedModel.PeakMemoryBytes"/>.</param>
internal sealed record ScoredText(IReadOnlyList<float[]> LogLikelihoods, TimeSpan Time, long PeakMemoryBytes)
{
    private const int RowsAtATime = 1024;

    /// <exception cref="InvalidOperationException">A log-likelihood is not finite.</exception>
    public static ScoredText Of(
        string name, LanguageModelTransformer model, AnalyzedText text, IProgress<AnalysisProgress>? progress, Cancellation cancellation)
    {
        // The first pass pays for what later ones find ready: code, threads, memory.
        using (BatchScorer first = model.OpenScorer(cancellation))
        {
            first.ScoreTokens([Input(text.Rows[0])]);
        }

        var scores = new List<float[]>(text.Rows.Count);
        using BatchScorer scorer = model.OpenScorer(cancellation);
        using var memory = new PeakMemory();
        var clock = Stopwatch.StartNew();
        foreach (int[][] rows in text.Rows.Chunk(RowsAtATime))
        {
            cancellation.ThrowIfRequested();
            scores.AddRange(scorer.ScoreTokens([.. rows.Select(Input)]).Select(row => row.LogLikelihoods));
            progress?.Report(new(name, AnalysisStage.Scoring, (double)scores.Count / text.Rows.Count));
        }

        clock.Stop();
        int wrong = scores.FindIndex(row => row.Any(score => !float.IsFinite(score)));
        return wrong < 0
            ? new(scores, clock.Elapsed, memory.Bytes)
            : throw new InvalidOperationException(
                $"Model '{name}' gives a word of row {wrong} a log-likelihood that is not finite, so it has no perplexity: train it anew, or " +
                "take an earlier checkpoint.");

        InputRow Input(int[] words) => new(words, StartsText: model.Scoring.Context == ScoringContext.Row);
    }
}
