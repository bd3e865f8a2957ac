using System.Globalization;

namespace Mos.Reports;

/// <summary>Formats the numbers of tables and pages, the same in every culture.</summary>
internal static class Numbers
{
    /// <summary>
    /// Labels of an axis: thousands as k, M, G; powers of ten for values below 0.001, and for all values if all are below 0.01.
    /// </summary>
    public static IReadOnlyList<string> Ticks(IReadOnlyList<double> ticks)
    {
        bool areSmall = ticks.Count > 0 && ticks.Max(Math.Abs) < 0.01;
        return
        [
            .. ticks.Select(tick =>
                tick != 0 && (areSmall || Math.Abs(tick) < 1e-3) ? Text(tick, "0.######e0") : Short(tick, "0.######")),
        ];
    }

    /// <summary>Four digits, with k, M, G for thousands.</summary>
    public static string Short(double value) => Short(value, "G4");

    public static string Text(IFormattable value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>A probability with three significant digits.</summary>
    public static string Probability(double logProbability) => Text(Math.Exp(logProbability), "G3");

    /// <summary>Hours, minutes and seconds.</summary>
    public static string Duration(TimeSpan time)
    {
        var whole = TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
        return FormattableString.Invariant($"{(int)whole.TotalHours}:{whole:mm\\:ss}");
    }

    private static string Short(double value, string format)
    {
        (double unit, string suffix) = Math.Abs(value) switch
        {
            >= 1e15 => (1, ""),
            >= 1e9 => (1e9, "G"),
            >= 1e6 => (1e6, "M"),
            >= 1e3 => (1e3, "k"),
            _ => (1, ""),
        };
        return Text(value / unit, Math.Abs(value) >= 1e15 ? "0.###e0" : format) + suffix;
    }
}
