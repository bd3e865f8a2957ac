using Microsoft.ML.MixtureOfSoftmaxes.Distribution;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Scores on all ranks what the first one reads. Whole batches are shared out, as one process would form them, so that each comes to the same bits
/// and what is written is the same file.
/// </summary>
internal static class RankScorers
{
    /// <summary>On the first rank: scores a batch for each rank at most, in order, the first of them here.</summary>
    public static RowScore[] Score(Ranks ranks, BatchScorer scorer, IReadOnlyList<IReadOnlyList<InputRow>> batches)
    {
        for (int rank = 1; rank < batches.Count; rank++)
        {
            ranks.Send(BatchMessage.Of(batches[rank], scorer.Detail), rank);
        }

        List<RowScore> scores = [.. scorer.Score(batches[0])];
        for (int rank = 1; rank < batches.Count; rank++)
        {
            IReadOnlyList<InputRow> rows = batches[rank];
            scores.AddRange(scorer.Describe(rows, BatchMessage.ReadScores(ranks.Receive(rank), rows.Count, scorer.Detail)));
        }

        return [.. scores];
    }

    /// <summary>On the other ranks: scores what the first one sends, until it has no more.</summary>
    public static void Serve(Ranks ranks, Func<TokenDetail, BatchScorer> open)
    {
        BatchScorer? scorer = null;
        while (ranks.Receive(0, mayTakeLong: true) is { Length: > 0 } bytes)
        {
            (InputRow[] rows, TokenDetail detail) = BatchMessage.ReadRows(bytes);
            if (scorer?.Detail != detail)
            {
                scorer?.Dispose();
                scorer = open(detail);
            }

            ranks.Send(BatchMessage.Of(scorer!.ScoreTokens(rows)), 0);
        }

        scorer?.Dispose();
    }

    /// <summary>On the first rank: there is no more.</summary>
    public static void End(Ranks ranks)
    {
        for (int rank = 1; rank < ranks.Count; rank++)
        {
            ranks.Send([], rank);
        }
    }
}
