using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Scores batches of rows in the order they come; in a stream each batch goes on where the last one ended.</summary>
internal sealed class BatchScorer(SequenceScorer scorer, Vocabulary vocabulary, ScoringContext context) : IDisposable
{
    private SequenceScorer.StreamPosition? _position;

    public RowScore[] Score(IReadOnlyList<int[]> rows) =>
        [.. rows.Zip(ScoreTokens(rows), (row, scores) => RowScore.Of(scores, row, vocabulary.UnknownIndex))];

    /// <summary>log P of each word of each row and of its end-of-sentence mark.</summary>
    public float[][] ScoreTokens(IReadOnlyList<int[]> rows) =>
        context == ScoringContext.Stream ? ScoreStream(rows) : scorer.ScoreRows(rows);

    public void Dispose() => _position?.Dispose();

    private float[][] ScoreStream(IReadOnlyList<int[]> rows)
    {
        int[] stream = [.. rows.SelectMany(row => row.Append(vocabulary.EndOfSentenceIndex))];
        float[] scores = scorer.ScoreStream(stream, ref _position);
        float[][] byRow = new float[rows.Count][];
        int start = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            int length = rows[i].Length + 1;
            byRow[i] = scores[start..(start + length)];
            start += length;
        }

        return byRow;
    }
}
