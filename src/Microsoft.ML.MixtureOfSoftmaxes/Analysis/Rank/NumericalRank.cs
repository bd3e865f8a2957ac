namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>What singular values say about a matrix.</summary>
internal static class NumericalRank
{
    /// <summary>The spacing of numbers at 1 in float64 and in float32.</summary>
    public const double DoubleEpsilon = 1.0 / (1L << 52), SingleEpsilon = 1.0 / (1 << 23);

    /// <summary>
    /// The expected round-off in the singular values of a matrix, sigma_max sqrt(m + n + 1) eps / 2, below which they count as zero
    /// (Press et al., Numerical Recipes, 3rd edition, section 2.6): the threshold of the paper.
    /// </summary>
    /// <param name="largest">sigma_max.</param>
    /// <param name="rows">m.</param>
    /// <param name="columns">n.</param>
    /// <param name="epsilon">eps of the precision in which the matrix was computed.</param>
    public static double Threshold(double largest, long rows, long columns, double epsilon) =>
        0.5 * Math.Sqrt(rows + columns + 1.0) * largest * epsilon;

    /// <summary>How many singular values are above the threshold.</summary>
    public static int Of(IReadOnlyList<double> singularValues, double threshold) => singularValues.Count(value => value > threshold);

    /// <summary>
    /// The effective rank: exp of the entropy of the singular values divided by their sum; n for n equal values, near 1 where one
    /// outweighs the others (Roy and Vetterli, The effective rank, EUSIPCO 2007).
    /// </summary>
    public static double Effective(IReadOnlyList<double> singularValues)
    {
        double sum = singularValues.Sum();
        return Math.Exp(-singularValues.Where(value => value > 0).Sum(value => value / sum * Math.Log(value / sum)));
    }
}
