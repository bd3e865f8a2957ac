using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Steps;

/// <summary>alpha mean(dropped g squared) + beta mean((g[t+1] - g[t]) squared): what a step descends beside the likelihood.</summary>
[TestClass]
public sealed class RegularizersTests
{
    private const int Steps = 12, Seed = 9;

    [TestMethod]
    [DataRow(2.0, 0.0)]
    [DataRow(0.0, 1.0)]
    [DataRow(2.0, 1.0)]
    public void Their_gradient_is_that_of_finite_differences(double alpha, double beta)
    {
        using var with = new SingleStep(Options(alpha, beta));
        using var without = new SingleStep(Options(0, 0));
        double loss = without.Run(0, Steps, rate: 0, Seed);
        Assert.AreEqual(loss, with.Run(0, Steps, rate: 0, Seed), "the loss reported is that of the words alone");
        with.Memory[0] = Fresh(with);
        without.Memory[0] = Fresh(without);
        Dictionary<string, double[]> plain = without.Gradient(0, Steps, Seed);
        Dictionary<string, double[]> share = with.Gradient(0, Steps, Seed).ToDictionary(
            g => g.Key, g => g.Value.Zip(plain[g.Key], (a, b) => a - b).ToArray());
        double norm = Math.Sqrt(share.Values.Sum(values => values.Sum(v => v * v)));
        Assert.IsGreaterThan(1e-3, norm);
        Dictionary<string, double[]> origin = WatchedRun.WeightsOf(without.Network);
        var random = new Random(2);
        for (int trial = 0; trial < 4; trial++)
        {
            // Along the gradient, then askew of it.
            var direction = share.ToDictionary(
                g => g.Key, g => g.Value.Select(v => (v / norm) + (trial * 0.02 * (random.NextDouble() - 0.5))).ToArray());
            double slope = share.Sum(g => g.Value.Zip(direction[g.Key], (a, b) => a * b).Sum());
            const double H = 5e-3;
            double measured = (Value(H) - Value(-H)) / (2 * H);
            Assert.AreEqual(slope, measured, 2e-3 * norm);

            double Value(double h)
            {
                without.SetWeights(origin.ToDictionary(
                    w => w.Key, w => w.Value.Zip(direction[w.Key], (x, d) => x + (h * d)).ToArray()));
                return Penalty(without, alpha, beta);
            }
        }
    }

    private static MixtureOfSoftmaxesTrainer.Options Options(double alpha, double beta)
    {
        MixtureOfSoftmaxesTrainer.Options options = SingleStep.Plain();
        options.OutputDropout = 0.4;
        options.ActivationRegularization = alpha;
        options.TemporalActivationRegularization = beta;
        return options;
    }

    private static double Penalty(SingleStep step, double alpha, double beta)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        DropoutRates rates = Options(0, 0).DropoutRates with { Source = new(Seed, FirstColumn: 0) };
        (Tensor words, _) = step.Grid.Window(0, Steps);
        LanguageModelNetwork.Encoding encoding = step.Network.Encode(words, Fresh(step), rates);
        double[] raw = Tensors.Values(encoding.Raw), dropped = Tensors.Values(encoding.Dropped);
        int row = raw.Length / Steps;
        return (alpha * dropped.Average(g => g * g))
            + (beta * Enumerable.Range(0, raw.Length - row).Average(i => Math.Pow(raw[i + row] - raw[i], 2)));
    }

    private static RecurrentState Fresh(SingleStep step) => step.Network.InitialState(SingleStep.Columns);
}
