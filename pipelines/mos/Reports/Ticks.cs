namespace Mos.Reports;

/// <summary>Round values along an axis.</summary>
internal static class Ticks
{
    private const double Tolerance = 1e-9; // Of a step: an end of the axis that is a tick but for rounding is one.

    /// <summary>The densest multiples of 1, 2 or 5 times a power of ten of which there are at most <paramref name="most"/>.</summary>
    public static IReadOnlyList<double> Linear(double minimum, double maximum, int most)
    {
        for (int exponent = (int)Math.Floor(Math.Log10((maximum - minimum) / most)); ; exponent++)
        {
            foreach (int mantissa in (int[])[1, 2, 5])
            {
                double[] ticks = Multiples(mantissa, exponent, minimum, maximum);
                if (ticks.Length <= most)
                {
                    return ticks;
                }
            }
        }
    }

    /// <summary>
    /// Of 1, 2 and 5, of 1 and 3, or of 1 times powers of ten, the densest of which there are at most <paramref name="most"/>; over many
    /// powers of ten some of these; where that leaves fewer than three, round values as on a linear axis.
    /// </summary>
    public static IReadOnlyList<double> Logarithmic(double minimum, double maximum, int most)
    {
        double first = Math.Log10(minimum), last = Math.Log10(maximum);
        if (last - first > most)
        {
            return [.. Linear(first, last, most).Select(exponent => Math.Pow(10, exponent))];
        }

        double[] ticks = ((int[][])[[1, 2, 5], [1, 3], [1]])
            .Select(mantissas => (double[])[.. Enumerable.Range((int)Math.Floor(first), (int)(last - first) + 2)
                .SelectMany(exponent => mantissas.Select(mantissa => Scaled(mantissa, exponent)))
                .Where(tick => tick >= minimum && tick <= maximum)])
            .First(ticks => ticks.Length <= most);
        return ticks.Length >= 3 ? ticks : Linear(minimum, maximum, most);
    }

    private static double[] Multiples(int mantissa, int exponent, double minimum, double maximum)
    {
        double step = Scaled(mantissa, exponent);
        double first = Math.Ceiling((minimum / step) - Tolerance), last = Math.Floor((maximum / step) + Tolerance);
        return [.. Enumerable.Range(0, Math.Max(0, (int)(last - first) + 1)).Select(i => Scaled((first + i) * mantissa, exponent))];
    }

    // Divided where the power is negative: 3 / 10 is the double nearest to 0.3, 3 * 0.1 is not.
    private static double Scaled(double number, int exponent) =>
        exponent < 0 ? number / Math.Pow(10, -exponent) : number * Math.Pow(10, exponent);
}
