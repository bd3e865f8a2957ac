namespace Microsoft.ML.MixtureOfSoftmaxes.Evaluation;

/// <summary>
/// The sums of a corpus by blocks of consecutive rows. It holds those of each row until there are too many, and then of ever longer runs, so
/// that memory and the time to resample them do not grow with the corpus.
/// </summary>
internal sealed class RowBlocks
{
    private const int MaxRuns = 1 << 17;

    private readonly List<CorpusSums> _runs = [];
    private long _rowsOfRun = 1;
    private long _rows;

    public void Add(CorpusSums row)
    {
        if (_rows++ % _rowsOfRun > 0)
        {
            _runs[^1] += row;
            return;
        }

        if (_runs.Count == MaxRuns)
        {
            for (int i = 0; i < MaxRuns / 2; i++)
            {
                _runs[i] = _runs[2 * i] + _runs[(2 * i) + 1];
            }

            _runs.RemoveRange(MaxRuns / 2, MaxRuns / 2);
            _rowsOfRun *= 2;
        }

        _runs.Add(row);
    }

    /// <summary>The blocks to resample; the last may be shorter.</summary>
    public CorpusSums[] Of(ScoringContext context, int? length)
    {
        long rows = length ?? (context == ScoringContext.Row ? 1 : CubeRoot(_rows));
        return [.. _runs.Chunk((int)((rows + _rowsOfRun - 1) / _rowsOfRun)).Select(block => block.Aggregate((a, b) => a + b))];
    }

    // Rounded up. In floating point the root of a cube may be a little too large.
    private static long CubeRoot(long number)
    {
        long root = (long)Math.Round(Math.Cbrt(number));
        return root * root * root < number ? root + 1 : root;
    }
}
