using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using Microsoft.ML.MixtureOfSoftmaxes.Training;
using TorchSharp.Modules;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Weights;

[TestClass]
public sealed class WeightAverageTests
{
    [TestMethod]
    public void It_is_the_mean_of_the_weights_added_and_not_of_those_it_began_with()
    {
        using LanguageModelNetwork network = Shapes.Network(seed: 100);
        using var average = new WeightAverage(network);
        var sums = WatchedRun.WeightsOf(network).ToDictionary(w => w.Key, w => new double[w.Value.Length]);
        const int Steps = 25;
        for (int step = 0; step < Steps; step++)
        {
            network.Randomize(seed: step);
            average.Add(network, count: step + 1);
            foreach ((string name, double[] values) in WatchedRun.WeightsOf(network))
            {
                sums[name] = [.. sums[name].Zip(values, (sum, value) => sum + value)];
            }
        }

        Assert.AreSequenceEqual(sums.Keys.Order(StringComparer.Ordinal), average.Weights.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, double[] sum) in sums)
        {
            Numbers.AssertClose([.. sum.Select(s => s / Steps)], Tensors.Values(average.Weights[name]), 1e-5, name);
        }
    }

    [TestMethod]
    public void It_goes_on_from_a_mean_of_several()
    {
        using LanguageModelNetwork network = Shapes.Network(seed: 7);
        double[] mean = Tensors.Values(network.DecoderBias);
        using var average = new WeightAverage(network);
        network.Randomize(seed: 8);
        average.Add(network, count: 4);
        double[] added = Tensors.Values(network.DecoderBias);
        Numbers.AssertClose(
            [.. mean.Zip(added, (m, a) => ((3 * m) + a) / 4)], Tensors.Values(average.Weights["decoder_bias"]), 1e-6, "mean of four");
    }

    [TestMethod]
    public void While_in_use_the_network_has_the_mean_and_afterwards_its_own_weights_bit_by_bit()
    {
        using LanguageModelNetwork network = Shapes.Network(seed: 1);
        using var average = new WeightAverage(network);
        average.Add(network.Randomize(seed: 2), count: 1);
        average.Add(network.Randomize(seed: 3), count: 2);
        Dictionary<string, uint[]> own = Bits(network);
        using (average.Use(network))
        {
            foreach ((string name, Parameter parameter) in network.named_parameters())
            {
                Assert.AreSequenceEqual(Tensors.Bits(average.Weights[name]), Tensors.Bits(parameter));
                Assert.AreNotSequenceEqual(own[name], Tensors.Bits(parameter));
            }
        }

        foreach ((string name, uint[] bits) in Bits(network))
        {
            Assert.AreSequenceEqual(own[name], bits, name);
        }
    }

    [TestMethod]
    public void The_best_weights_are_a_copy_that_later_steps_leave_alone()
    {
        using LanguageModelNetwork network = Shapes.Network(seed: 1);
        using var best = new BestWeights();
        best.Restore(network);
        Dictionary<string, uint[]> kept = Bits(network);
        best.Keep(network);
        network.Randomize(seed: 2);
        best.Restore(network);
        foreach ((string name, uint[] bits) in Bits(network))
        {
            Assert.AreSequenceEqual(kept[name], bits, name);
        }
    }

    private static Dictionary<string, uint[]> Bits(LanguageModelNetwork network) =>
        network.named_parameters().ToDictionary(p => p.name, p => Tensors.Bits(p.parameter));
}
