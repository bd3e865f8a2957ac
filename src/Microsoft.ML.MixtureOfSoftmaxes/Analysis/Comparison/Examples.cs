namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>Picks the words and rows that show how models differ.</summary>
/// <param name="words">The vocabulary.</param>
/// <param name="text">What was scored.</param>
/// <param name="scores">By model, by row.</param>
/// <param name="count">How many to find of each kind.</param>
internal sealed class Examples(IReadOnlyList<string> words, AnalyzedText text, IReadOnlyList<IReadOnlyList<float[]>> scores, int count)
{
    private const int FewestTokens = 5;

    /// <summary>See <see cref="ModelComparison.Disagreements"/>.</summary>
    public IReadOnlyList<Disagreement> Disagreements() => scores.Count < 2
        ? []
        : [.. Enumerable.Range(0, text.Rows.Count)
            .Select(row => (Row: row, Place: Enumerable.Range(0, text.Rows[row].Length + 1).MaxBy(place => Spread(row, place))))
            .OrderByDescending(at => Spread(at.Row, at.Place))
            .Take(count)
            .Select(at => new Disagreement(
                at.Row,
                [.. text.Rows[at.Row].Take(at.Place).Select(word => words[word])],
                WordAt(at.Row, at.Place),
                [.. scores.Select(model => (double)model[at.Row][at.Place])]))];

    /// <summary>See <see cref="ModelComparison.Worst"/> and <see cref="ModelComparison.Best"/>.</summary>
    public (IReadOnlyList<ComparedRow> Worst, IReadOnlyList<ComparedRow> Best) Rows()
    {
        int[] byLoss = [.. Enumerable.Range(0, text.Rows.Count)
            .Where(row => text.Rows[row].Length + 1 >= FewestTokens)
            .OrderBy(row => scores.Sum(model => model[row].Average()))];
        return ([.. byLoss.Take(count).Select(Row)], [.. byLoss.Reverse().Take(count).Select(Row)]);
    }

    private float Spread(int row, int place) =>
        scores.Max(model => model[row][place]) - scores.Min(model => model[row][place]);

    private string WordAt(int row, int place) =>
        words[place < text.Rows[row].Length ? text.Rows[row][place] : text.EndOfSentence];

    private ComparedRow Row(int row) => new(
        row,
        [.. Enumerable.Range(0, text.Rows[row].Length + 1).Select(place => WordAt(row, place))],
        [.. scores.Select(model => (IReadOnlyList<double>)[.. model[row].Select(score => -(double)score)])]);
}
