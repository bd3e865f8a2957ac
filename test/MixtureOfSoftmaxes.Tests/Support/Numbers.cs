namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Plain C# numbers: where the tests' own values come from.</summary>
internal static class Numbers
{
    public static double[] Gaussian(Random random, long count, double scale = 1)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = scale * radius * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        return values;
    }

    public static int[] Ids(Random random, int count, int vocabulary) =>
        [.. Enumerable.Range(0, count).Select(_ => random.Next(vocabulary))];

    public static double LogSumExp(ReadOnlySpan<double> values)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (double value in values)
        {
            max = Math.Max(max, value);
        }

        foreach (double value in values)
        {
            sum += Math.Exp(value - max);
        }

        return max + Math.Log(sum);
    }

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Fails unless every element is within <paramref name="tolerance"/> times the largest expected magnitude.</summary>
    public static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, $"length of {what}");
        double scale = 1e-30;
        foreach (double value in expected)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }

        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]);
            Assert.IsTrue(error <= tolerance * scale, $"{what}[{i}] is {actual[i]}, not {expected[i]} (scale {scale}).");
        }
    }
}
