namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>
/// Pearson's test of counts against a distribution, at the level 0.001 on either side: counts that fit too well are no draws either, but
/// numbers at a constant step.
/// </summary>
internal static class ChiSquare
{
    private const double Quantile = 3.09;

    /// <summary>Whether the counts may be draws from the distribution; a count where the probability is zero is not.</summary>
    public static bool Fits(IReadOnlyList<double> probabilities, IReadOnlyList<int> counts)
    {
        double draws = counts.Sum();
        (double Expected, int Count)[] cells = [.. probabilities.Zip(counts, (p, count) => (p * draws, count))];
        if (cells.Any(cell => cell.Expected == 0 && cell.Count > 0))
        {
            return false;
        }

        // Cells that expect fewer than five draws are taken together, as the approximation wants.
        (double Expected, int Count)[] large = [.. cells.Where(cell => cell.Expected >= 5)];
        (double Expected, int Count) rest = (draws - large.Sum(cell => cell.Expected), (int)draws - large.Sum(cell => cell.Count));
        (double Expected, int Count)[] tested = rest.Expected < 1 ? large : [.. large, rest];
        double statistic = tested.Sum(cell => Math.Pow(cell.Count - cell.Expected, 2) / cell.Expected);
        int degrees = tested.Length - 1;
        return statistic <= Critical(degrees, Quantile) && statistic >= Critical(degrees, -Quantile);
    }

    // Wilson and Hilferty's approximation of the quantile.
    private static double Critical(int degrees, double quantile) => degrees == 0
        ? Math.CopySign(1e-6, quantile)
        : degrees * Math.Pow(1 - (2.0 / (9 * degrees)) + (quantile * Math.Sqrt(2.0 / (9 * degrees))), 3);
}
