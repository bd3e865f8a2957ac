using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Analysis.Rank;

/// <summary>Singular values in plain C# by one-sided Jacobi rotations: slow, and accurate for the small ones too.</summary>
internal static class Jacobi
{
    public static double[] SingularValues(double[][] columns)
    {
        double[][] a = [.. columns.Select(column => (double[])[.. column])];
        for (bool rotated = true; rotated;)
        {
            rotated = false;
            for (int p = 0; p < a.Length; p++)
            {
                for (int q = p + 1; q < a.Length; q++)
                {
                    rotated |= Rotate(a[p], a[q]);
                }
            }
        }

        return [.. a.Select(column => Math.Sqrt(Numbers.Dot(column, column))).OrderDescending()];
    }

    private static bool Rotate(double[] x, double[] y)
    {
        double xx = Numbers.Dot(x, x), yy = Numbers.Dot(y, y), xy = Numbers.Dot(x, y);
        if (Math.Abs(xy) <= 1e-14 * Math.Sqrt(xx * yy) || xx < 1e-250 || yy < 1e-250)
        {
            return false;
        }

        double zeta = (yy - xx) / (2 * xy);
        double t = (zeta < 0 ? -1 : 1) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
        double c = 1 / Math.Sqrt(1 + (t * t)), s = c * t;
        for (int i = 0; i < x.Length; i++)
        {
            (x[i], y[i]) = ((c * x[i]) - (s * y[i]), (s * x[i]) + (c * y[i]));
        }

        return true;
    }
}
