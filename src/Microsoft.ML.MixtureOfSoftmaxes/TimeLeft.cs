namespace Microsoft.ML.MixtureOfSoftmaxes;

/// <summary>How long work will still take, as an estimate and in words.</summary>
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

    /// <summary>A time as people write it, in its two largest units: 10 s, 4 min 25 s, 2 h 5 min, 3 d 4 h.</summary>
    public static string Text(TimeSpan time)
    {
        if (time == TimeSpan.MaxValue)
        {
            return "unknown time";
        }

        TimeSpan whole = TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
        return whole switch
        {
            { TotalMinutes: < 1 } => $"{whole.Seconds} s",
            { TotalHours: < 1 } => $"{whole.Minutes} min {whole.Seconds} s",
            { TotalDays: < 1 } => $"{whole.Hours} h {whole.Minutes} min",
            _ => FormattableString.Invariant($"{whole.Days:N0} d {whole.Hours} h"),
        };
    }
}
