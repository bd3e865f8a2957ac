using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Scores batches of rows in the order they come. Where rows continue each other, a batch goes on where the last one ended.
/// </summary>
/// <param name="scorer">Scores with the model as it is.</param>
/// <param name="model">The model: its words, the context, what counts, and whether it adapts.</param>
/// <param name="detail">What is computed for each token beyond its log-likelihood.</param>
/// <param name="cancellation">Ends a batch between two passes through the network.</param>
internal sealed class BatchScorer(ISequenceScorer scorer, IScoringModel model, TokenDetail detail, Cancellation cancellation) : IDisposable
{
    private readonly AdaptiveScorer? _adaptive = model.OpenAdaptive();
    private readonly ISequenceReading _reading = scorer.Open();
    private readonly TokenDetail _detail = detail with { SkippedPrior = model.Scoring.SkippedPrior };

    public TokenDetail Detail => detail;

    public RowScore[] Score(IReadOnlyList<InputRow> rows) => Describe(rows, ScoreTokens(rows));

    /// <summary>The values of the columns of rows whose words are scored.</summary>
    public RowScore[] Describe(IReadOnlyList<InputRow> rows, IReadOnlyList<SequenceScores> scores) =>
        [.. rows.Zip(scores, (row, words) => new RowScore(row.Words, words, model.Vocabulary, model.Scoring))];

    /// <summary>Scores of the words of each row and of its end-of-sentence mark.</summary>
    public IReadOnlyList<SequenceScores> ScoreTokens(IReadOnlyList<InputRow> rows) => _adaptive is not null
        ? SplitByRow(rows, [0, rows.Count], [_adaptive.Score(Join(rows, 0, rows.Count), detail, cancellation)])
        : model.Scoring.Context == ScoringContext.Row
            ? ScoreRows([.. rows.Select(row => row.Words)], [.. rows.Select(row => row.Context).OfType<int[]>()])
            : ScoreTexts(rows);

    public void Dispose()
    {
        _reading.Dispose();
        _adaptive?.Dispose();
    }

    /// <summary>Rows by themselves, or each after its context.</summary>
    private SequenceScores[] ScoreRows(int[][] rows, int[][] contexts) => contexts.Length == 0
        ? scorer.ScoreRows(rows, _detail, model.Scoring.Precision, cancellation)
        : _reading.ScoreContinuations(contexts, rows, _detail, model.Scoring.Precision, cancellation);

    /// <summary>
    /// Rows by text: the first may go on from the batch before and the last into the next, so they pass as streams; those between are
    /// whole and pass side by side.
    /// </summary>
    private List<SequenceScores> ScoreTexts(IReadOnlyList<InputRow> rows)
    {
        int[] starts = [0, .. Enumerable.Range(1, rows.Count - 1).Where(i => rows[i].StartsText), rows.Count];
        int[][] texts = [.. starts.Zip(starts.Skip(1), (start, end) => Join(rows, start, end))];
        var scores = new List<SequenceScores>(rows.Count);
        if (rows[0].StartsText)
        {
            _reading.Restart();
        }

        scores.Add(_reading.ScoreStream(texts[0], _detail, model.Scoring.Precision, cancellation));
        if (texts.Length > 1)
        {
            scores.AddRange(scorer.ScoreRows([.. texts[1..^1].Select(text => text[..^1])], _detail, model.Scoring.Precision, cancellation));
            _reading.Restart();
            scores.Add(_reading.ScoreStream(texts[^1], _detail, model.Scoring.Precision, cancellation));
        }

        return SplitByRow(rows, starts, scores);
    }

    private static List<SequenceScores> SplitByRow(IReadOnlyList<InputRow> rows, int[] starts, List<SequenceScores> texts)
    {
        var byRow = new List<SequenceScores>(rows.Count);
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
        [.. Enumerable.Range(start, end - start).SelectMany(row => rows[row].Words.Append(model.Vocabulary.EndOfSentenceIndex))];
}
