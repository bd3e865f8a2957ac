using Microsoft.ML.MixtureOfSoftmaxes.Scoring.Adaptation;
using Microsoft.ML.MixtureOfSoftmaxes.Tokenization;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Scores batches of rows in the order they come. Where rows continue each other, a batch goes on where the last one ended.
/// </summary>
/// <param name="scorer">Scores with the model as it is.</param>
/// <param name="vocabulary">The model's words.</param>
/// <param name="options">The context, and what counts.</param>
/// <param name="detail">What is asked of each token.</param>
/// <param name="adaptive">Scores the rows, one stream, with a model that adapts to them; null for the model as it is.</param>
internal sealed class BatchScorer(
    SequenceScorer scorer, Vocabulary vocabulary, ScoringOptions options, TokenDetail detail, AdaptiveScorer? adaptive) : IDisposable
{
    private SequenceScorer.StreamPosition? _position;

    public RowScore[] Score(IReadOnlyList<InputRow> rows) =>
        [.. rows.Zip(ScoreTokens(rows), (row, scores) => new RowScore(row.Words, scores, vocabulary, options))];

    /// <summary>Scores of the words of each row and of its end-of-sentence mark.</summary>
    public IReadOnlyList<TokenScores> ScoreTokens(IReadOnlyList<InputRow> rows) => adaptive is not null
        ? SplitByRow(rows, [0, rows.Count], [adaptive.Score(Join(rows, 0, rows.Count), detail)])
        : options.Context == ScoringContext.Row
            ? scorer.ScoreRows([.. rows.Select(row => row.Words)], detail)
            : ScoreTexts(rows);

    public void Dispose()
    {
        Forget();
        adaptive?.Dispose();
    }

    /// <summary>
    /// Rows by text: the first may go on from the batch before and the last into the next, so they pass as streams; those between are
    /// whole and pass side by side.
    /// </summary>
    private List<TokenScores> ScoreTexts(IReadOnlyList<InputRow> rows)
    {
        int[] starts = [0, .. Enumerable.Range(1, rows.Count - 1).Where(i => rows[i].StartsText), rows.Count];
        int[][] texts = [.. starts.Zip(starts.Skip(1), (start, end) => Join(rows, start, end))];
        var scores = new List<TokenScores>(rows.Count);
        if (rows[0].StartsText)
        {
            Forget();
        }

        scores.Add(scorer.ScoreStream(texts[0], ref _position, detail));
        if (texts.Length > 1)
        {
            scores.AddRange(scorer.ScoreRows([.. texts[1..^1].Select(text => text[..^1])], detail));
            Forget();
            scores.Add(scorer.ScoreStream(texts[^1], ref _position, detail));
        }

        return SplitByRow(rows, starts, scores);
    }

    private static List<TokenScores> SplitByRow(IReadOnlyList<InputRow> rows, int[] starts, List<TokenScores> texts)
    {
        var byRow = new List<TokenScores>(rows.Count);
        for (int text = 0; text < texts.Count; text++)
        {
            for (int row = starts[text], place = 0; row < starts[text + 1]; row++)
            {
                int places = rows[row].Words.Length + 1;
                byRow.Add(texts[text].Pick(place, 1, places));
                place += places;
            }
        }

        return byRow;
    }

    /// <summary>The words of consecutive rows, the end-of-sentence mark after each row.</summary>
    private int[] Join(IReadOnlyList<InputRow> rows, int start, int end) =>
        [.. Enumerable.Range(start, end - start).SelectMany(row => rows[row].Words.Append(vocabulary.EndOfSentenceIndex))];

    private void Forget()
    {
        _position?.Dispose();
        _position = null;
    }
}
