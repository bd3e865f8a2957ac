namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Pearson's test of counts against a distribution, at the level 0.001.</summary>
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
        return statistic <= Critical(tested.Length - 1);
    }

    // Wilson and Hilferty's approximation of the quantile.
    private static double Critical(int degrees) => degrees == 0
        ? 1e-6
        : degrees * Math.Pow(1 - (2.0 / (9 * degrees)) + (Quantile * Math.Sqrt(2.0 / (9 * degrees))), 3);
}
