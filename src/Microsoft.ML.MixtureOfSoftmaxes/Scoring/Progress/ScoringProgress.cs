namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How far the scoring of rows has come.</summary>
/// <param name="Rows">Rows scored.</param>
/// <param name="TotalRows">The number of rows; null where the data does not know it, as with lines of a text file.</param>
/// <param name="Tokens">Tokens scored in those rows, ends of sentences included.</param>
/// <param name="Elapsed">The time since the start.</param>
public sealed record ScoringProgress(long Rows, long? TotalRows, long Tokens, TimeSpan Elapsed)
{
    /// <summary>Tokens scored per second so far; 0 before any time has passed.</summary>
    public double TokensPerSecond => Elapsed > TimeSpan.Zero ? Tokens / Elapsed.TotalSeconds : 0;

    /// <summary>The estimated time left, by rows at the speed so far; null before the first row and where the number of rows is not known.</summary>
    public TimeSpan? Remaining => Rows > 0 && TotalRows is long total ? TimeLeft.Of(Elapsed, (double)Rows / total) : null;
}
