namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Rows of similar length that pass through the network side by side, each with its end-of-sentence mark.</summary>
/// <param name="Rows">Which rows, the longest first.</param>
/// <param name="Steps">Places of each: the words of the longest, and its mark.</param>
internal sealed record RowBatch(int[] Rows, int Steps)
{
    // Places of a batch, padding included: enough to keep the matrix products large.
    private const int Places = 4096;

    public static IEnumerable<RowBatch> Of(IReadOnlyList<int[]> rows)
    {
        int[] byLength = [.. Enumerable.Range(0, rows.Count).OrderByDescending(i => rows[i].Length)];
        for (int start = 0; start < byLength.Length;)
        {
            int steps = rows[byLength[start]].Length + 1;
            int end = Math.Min(start + Math.Max(1, Places / steps), byLength.Length);
            yield return new(byLength[start..end], steps);
            start = end;
        }
    }

    /// <summary>
    /// The words of row after row, <see cref="Steps"/> places for each: its words, its mark, then padding, which comes too late to touch what is
    /// before it.
    /// </summary>
    public int[] Pad(IReadOnlyList<int[]> rows, int endOfSentence)
    {
        int[] padded = new int[Steps * Rows.Length];
        Array.Fill(padded, endOfSentence);
        for (int b = 0; b < Rows.Length; b++)
        {
            rows[Rows[b]].CopyTo(padded, b * Steps);
        }

        return padded;
    }

    /// <summary>The scores of each row out of those of the batch, place t B + b.</summary>
    public void Share(SequenceScores all, IReadOnlyList<int[]> rows, SequenceScores[] scores)
    {
        for (int b = 0; b < Rows.Length; b++)
        {
            scores[Rows[b]] = all.Pick(b, Rows.Length, rows[Rows[b]].Length + 1);
        }
    }
}
