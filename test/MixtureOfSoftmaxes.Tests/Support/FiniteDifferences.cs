using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Derivatives without a formula.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-5;

    /// <summary>That of <paramref name="f"/> by every element of a float64 tensor which it reads, by central differences.</summary>
    public static double[] Of(Tensor x, Func<double> f)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor flat = x.detach().view(-1);
        double[] differences = new double[flat.numel()];
        for (int i = 0; i < differences.Length; i++)
        {
            Tensor element = flat.narrow(0, i, 1);
            element.add_(Step);
            double above = f();
            element.add_(-2 * Step);
            differences[i] = (above - f()) / (2 * Step);
            element.add_(Step);
        }

        return differences;
    }
}
