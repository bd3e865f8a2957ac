using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Training.Steps;

[TestClass]
public sealed class PassesTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(99)]
    public void Passes_of_any_size_give_the_gradients_weights_and_memory_of_the_whole_batch(int columnsOfAPass)
    {
        using DisposeScope scope = NewDisposeScope();
        using var whole = new SingleStep(Options(null));
        using var passes = new SingleStep(Options(columnsOfAPass));
        for (int start = 0; start < SingleStep.Length; start += 10)
        {
            AssertClose(whole.Gradient(start, 10), passes.Gradient(start, 10), "gradient");
            double loss = whole.Run(start, 10, rate: 0.5);
            Assert.AreEqual(loss, passes.Run(start, 10, rate: 0.5), 1e-5 * loss);
            AssertClose(WatchedRun.WeightsOf(whole.Network), WatchedRun.WeightsOf(passes.Network), "weights");
        }

        for (int layer = 0; layer < 2; layer++)
        {
            Tensor hidden = cat([.. passes.Memory.Select(state => state.Hidden(layer))], 1);
            Numbers.AssertClose(Tensors.Values(whole.Memory[0].Hidden(layer)), Tensors.Values(hidden), 1e-5, $"hidden state {layer}");
            Tensor cell = cat([.. passes.Memory.Select(state => state.Cell(layer))], 1);
            Numbers.AssertClose(Tensors.Values(whole.Memory[0].Cell(layer)), Tensors.Values(cell), 1e-5, $"cell state {layer}");
        }
    }

    [TestMethod]
    public void Passes_with_weight_dropout_add_up_gradients_each_through_its_own_mask()
    {
        const double Rate = 0.5;
        const int Half = SingleStep.Columns / 2;
        using DisposeScope scope = NewDisposeScope();
        MixtureOfSoftmaxesTrainer.Options options = Options(Half);
        options.WeightDropout = Rate;
        using var step = new SingleStep(options);
        Dictionary<string, double[]> actual = step.Gradient(0, 10, seed: 6);

        var masks = new double[2][][];
        for (int pass = 0; pass < 2; pass++)
        {
            masks[pass] = [.. Enumerable.Range(0, 2).Select(layer => Tensors.Values(Dropout.OfWeight(
                step.Network.Named(Recurrent(layer)).detach(), new(Rate, new(Seed: 6, pass * Half), DropoutSite.Weight, layer))))];
        }

        var expected = actual.ToDictionary(g => g.Key, g => new double[g.Value.Length]);
        for (int pass = 0; pass < 2; pass++)
        {
            using var alone = new SingleStep(Options(null), pass * Half, Half);
            for (int layer = 0; layer < 2; layer++)
            {
                double[] weights = Tensors.Values(alone.Network.Named(Recurrent(layer)));
                alone.Network.Named(Recurrent(layer)).Set(Product(weights, masks[pass][layer]));
            }

            Dictionary<string, double[]> gradient = alone.Gradient(0, 10);
            for (int layer = 0; layer < 2; layer++)
            {
                gradient[Recurrent(layer)] = Product(gradient[Recurrent(layer)], masks[pass][layer]);
            }

            foreach ((string name, double[] values) in gradient)
            {
                expected[name] = [.. expected[name].Zip(values, (sum, value) => sum + (value / 2))];
            }
        }

        AssertClose(expected, actual, "gradient");

        static string Recurrent(int layer) => $"encoder.layer{layer}.lstm.weight_hh_l0";
        static double[] Product(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x * y)];
    }

    private static MixtureOfSoftmaxesTrainer.Options Options(int? columnsOfAPass)
    {
        MixtureOfSoftmaxesTrainer.Options options = SingleStep.Plain();
        options.PassBatchSize = columnsOfAPass;
        options.ActivationRegularization = 2;
        options.TemporalActivationRegularization = 1;
        return options;
    }

    private static void AssertClose(Dictionary<string, double[]> expected, Dictionary<string, double[]> actual, string what)
    {
        foreach ((string name, double[] values) in expected)
        {
            Numbers.AssertClose(values, actual[name], 1e-5, $"{what} of {name}");
        }
    }
}
