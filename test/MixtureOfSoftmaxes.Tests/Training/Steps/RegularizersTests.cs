using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Steps;

/// <summary>
/// alpha mean(dropped g squared) + beta mean((g[t+1] - g[t]) squared) + lambda times how uneven priors are: what a step descends beside the
/// likelihood.
/// </summary>
[TestClass]
public sealed class RegularizersTests
{
    private const int Steps = 12, Seed = 9;

    [TestMethod]
    [DataRow(LanguageModelHead.MixtureOfSoftmaxes, 2.0, 0.0, 0.0)]
    [DataRow(LanguageModelHead.MixtureOfSoftmaxes, 0.0, 1.0, 0.0)]
    [DataRow(LanguageModelHead.MixtureOfSoftmaxes, 2.0, 1.0, 0.0)]
    [DataRow(LanguageModelHead.DirectOutputConnection, 0.0, 0.0, 2.0)]
    [DataRow(LanguageModelHead.DirectOutputConnection, 2.0, 1.0, 2.0)]
    public void Their_gradient_is_that_of_finite_differences(LanguageModelHead head, double alpha, double beta, double lambda)
    {
        using var with = new SingleStep(Options(head, alpha, beta, lambda));
        using var without = new SingleStep(Options(head, 0, 0, 0));
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
                return Penalty(without, alpha, beta, lambda);
            }
        }
    }

    [TestMethod]
    public void Heads_without_experts_of_lower_layers_have_no_regulariser_of_priors()
    {
        using var with = new SingleStep(Options(LanguageModelHead.MixtureOfSoftmaxes, 0, 0, lambda: 2));
        using var without = new SingleStep(Options(LanguageModelHead.MixtureOfSoftmaxes, 0, 0, lambda: 0));
        Dictionary<string, double[]> expected = without.Gradient(0, Steps, Seed), actual = with.Gradient(0, Steps, Seed);
        foreach ((string name, double[] gradient) in expected)
        {
            Assert.AreSequenceEqual(gradient, actual[name]);
        }
    }

    private static MixtureOfSoftmaxesTrainer.Options Options(LanguageModelHead head, double alpha, double beta, double lambda)
    {
        MixtureOfSoftmaxesTrainer.Options options = SingleStep.Plain();
        options.Head = head;
        options.Experts = 4;
        options.PriorRegularization = lambda;
        options.OutputDropout = 0.4;
        options.ActivationRegularization = alpha;
        options.TemporalActivationRegularization = beta;
        return options;
    }

    private static double Penalty(SingleStep step, double alpha, double beta, double lambda)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        DropoutRates rates = Options(LanguageModelHead.Softmax, 0, 0, 0).DropoutRates with { Source = new(Seed, FirstColumn: 0) };
        (Tensor words, _) = step.Grid.Window(0, Steps);
        LanguageModelNetwork.Encoding encoding = step.Network.Encode(words, Fresh(step), rates);
        double[] raw = Tensors.Values(encoding.Raw), dropped = Tensors.Values(encoding.Dropped);
        int row = raw.Length / Steps;
        return (alpha * dropped.Average(g => g * g))
            + (beta * Enumerable.Range(0, raw.Length - row).Average(i => Math.Pow(raw[i + row] - raw[i], 2)))
            + (lambda * PriorVariation([.. Tensors.Values(encoding.Mixture.LogPriors!).Select(Math.Exp)], encoding.Mixture.Experts));
    }

    /// <summary>K (standard deviation / mean) squared, over a column's means of the priors; of priors [T, B, K] the mean over columns.</summary>
    private static double PriorVariation(double[] priors, int experts) => Enumerable.Range(0, SingleStep.Columns).Average(column =>
    {
        double[] means =
        [
            .. Enumerable.Range(0, experts).Select(k => Enumerable.Range(0, Steps).Average(
                step => priors[(((step * SingleStep.Columns) + column) * experts) + k])),
        ];
        double mean = means.Average();
        return experts * means.Average(m => Math.Pow(m - mean, 2)) / (mean * mean);
    });

    private static RecurrentState Fresh(SingleStep step) => step.Network.InitialState(SingleStep.Columns);
}
