namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Counts what has been scored since it was made.</summary>
/// <param name="totalRows">Rows there are in all, if known.</param>
/// <param name="time">Tells the time.</param>
internal sealed class ScoringMeter(long? totalRows, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _rows;
    private long _tokens;

    public ScoringProgress Current => new(_rows, totalRows, _tokens, time.GetElapsedTime(_start));

    public void Add(long rows, long tokens)
    {
        _rows += rows;
        _tokens += tokens;
    }
}
