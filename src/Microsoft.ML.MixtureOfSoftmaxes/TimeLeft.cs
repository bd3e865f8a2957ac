namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>Guesses how long work will still take.</summary>
internal static class TimeLeft
{
    /// <summary>What is left at the speed so far; the longest time there is where nothing is done yet.</summary>
    /// <param name="elapsed">Spent so far.</param>
    /// <param name="share">How much is done, from 0; 1 or more is all of it.</param>
    public static TimeSpan Of(TimeSpan elapsed, double share)
    {
        double ticks = share > 0 ? elapsed.Ticks * Math.Max(0, (1 / share) - 1) : double.PositiveInfinity;
        return ticks < long.MaxValue ? new((long)Math.Round(ticks)) : TimeSpan.MaxValue;
    }
}
