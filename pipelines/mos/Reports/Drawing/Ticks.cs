namespace Mos.Reports.Drawing;

/// <summary>Chooses round values along an axis.</summary>
internal static class Ticks
{
    /// <summary>A tick may lie outside the axis by this share of a step, so that rounding does not lose one at an end.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>
    /// Multiples of 1, 2 or 5 times a power of ten: the densest of these that give at most <paramref name="max"/> ticks.
    /// </summary>
    public static IReadOnlyList<double> Linear(double minimum, double maximum, int max)
    {
        for (int exponent = (int)Math.Floor(Math.Log10((maximum - minimum) / max)); ; exponent++)
        {
            foreach (int mantissa in (int[])[1, 2, 5])
            {
                double[] ticks = Multiples(mantissa, exponent, minimum, maximum);
                if (ticks.Length <= max)
                {
                    return ticks;
                }
            }
        }
    }

    /// <summary>
    /// Powers of ten times 1, 2 and 5, times 1 and 3, or times 1: the densest of these that give at most <paramref name="max"/>
    /// ticks. If all three give more, only every second power of ten, or every fifth, and so on. If they give fewer than three
    /// ticks, those of a linear axis.
    /// </summary>
    public static IReadOnlyList<double> Logarithmic(double minimum, double maximum, int max)
    {
        double first = Math.Log10(minimum), last = Math.Log10(maximum);
        if (last - first > max)
        {
            return [.. Linear(first, last, max).Select(exponent => Math.Pow(10, exponent))];
        }

        double[] ticks = ((int[][])[[1, 2, 5], [1, 3], [1]])
            .Select(mantissas => (double[])[.. Enumerable.Range((int)Math.Floor(first), (int)(last - first) + 2)
                .SelectMany(exponent => mantissas.Select(mantissa => Scaled(mantissa, exponent)))
                .Where(tick => tick >= minimum && tick <= maximum)])
            .First(ticks => ticks.Length <= max);
        return ticks.Length >= 3 ? ticks : Linear(minimum, maximum, max);
    }

    private static double[] Multiples(int mantissa, int exponent, double minimum, double maximum)
    {
        double step = Scaled(mantissa, exponent);
        double first = Math.Ceiling((minimum / step) - Tolerance), last = Math.Floor((maximum / step) + Tolerance);
        int count = Math.Max(0, (int)(last - first) + 1);
        return [.. Enumerable.Range(0, count).Select(i => Scaled((first + i) * mantissa, exponent))];
    }

    // Divides where the exponent is negative, because 3 / 10 is the double nearest to 0.3 and 3 * 0.1 is not.
    private static double Scaled(double number, int exponent) =>
        exponent < 0 ? number / Math.Pow(10, -exponent) : number * Math.Pow(10, exponent);
}
