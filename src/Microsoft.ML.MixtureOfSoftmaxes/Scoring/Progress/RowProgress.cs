namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// Reports how far a reader of scored rows has come: whenever it has read as many as are scored together, so that a report follows the
/// work, and at the end.
/// </summary>
/// <param name="handler">Gets the reports; may be null.</param>
/// <param name="totalRows">Rows there are in all, if known.</param>
/// <param name="time">Tells the time.</param>
internal sealed class RowProgress(IProgress<ScoringProgress>? handler, long? totalRows, TimeProvider time)
{
    private readonly ScoringMeter _meter = new(totalRows, time);
    private int _rows;
    private int _tokens;

    /// <summary>A row has been read.</summary>
    public void Add(int tokens)
    {
        _rows++;
        _tokens += tokens;
        if (_rows >= BatchedCursor.MaxRows || _tokens >= BatchedCursor.MaxTokens)
        {
            Report();
        }
    }

    /// <summary>All rows have been read.</summary>
    public void End()
    {
        if (_rows > 0)
        {
            Report();
        }
    }

    private void Report()
    {
        _meter.Add(_rows, _tokens);
        (_rows, _tokens) = (0, 0);
        handler?.Report(_meter.Current);
    }
}
