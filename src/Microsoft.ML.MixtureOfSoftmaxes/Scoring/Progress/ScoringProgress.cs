namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How far the scoring of rows has come.</summary>
/// <param name="Rows">Rows scored.</param>
/// <param name="TotalRows">Rows there are in all; null where the data does not know, as lines of a text file.</param>
/// <param name="Tokens">Tokens scored in those rows, ends of sentences included.</param>
/// <param name="Elapsed">Since the start.</param>
public sealed record ScoringProgress(long Rows, long? TotalRows, long Tokens, TimeSpan Elapsed)
{
    /// <summary>Over the time elapsed; 0 before any has.</summary>
    public double TokensPerSecond => Elapsed > TimeSpan.Zero ? Tokens / Elapsed.TotalSeconds : 0;

    /// <summary>What is left at this speed, by rows; null before the first row and where it is not known how many there are.</summary>
    public TimeSpan? Remaining => Rows > 0 && TotalRows is long total ? TimeLeft.Of(Elapsed, (double)Rows / total) : null;
}
