using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Dropout = Microsoft.ML.MixtureOfSoftmaxes.Modeling.Dropout;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Encoder;

[TestClass]
public sealed class WeightDropLstmTests
{
    private const int Input = 3, Output = 8, Steps = 5, Batch = 2;

    private static readonly Drop s_half = new(0.5, new(Seed: 1, FirstColumn: 0), DropoutSite.Weight, Layer: 0);

    [TestMethod]
    public void Weights_dropped_for_libtorchs_operator_are_zero_or_scaled_and_come_back_bit_by_bit()
    {
        using DisposeScope scope = NewDisposeScope();
        using WeightDropLstm lstm = new WeightDropLstm(Input, Output, CPU, useKernels: false).Randomize(1);
        Parameter recurrent = lstm.Named("lstm.weight_hh_l0");
        uint[][] before = AllBits(lstm);
        double[] whole = Tensors.Values(recurrent);
        using (lstm.DropWeights(s_half))
        {
            double[] dropped = Tensors.Values(recurrent);
            double[] factors = [.. dropped.Zip(whole, (a, b) => Math.Round(a / b, 6)).Distinct().Order()];
            Assert.AreSequenceEqual([0.0, 2.0], factors);
            int changed = AllBits(lstm).Zip(before).Count(pair => !pair.First.SequenceEqual(pair.Second));
            Assert.AreEqual(1, changed, "only the recurrent weights are dropped");
        }

        uint[][] after = AllBits(lstm);
        for (int i = 0; i < before.Length; i++)
        {
            Assert.AreSequenceEqual(before[i], after[i]);
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_gradient_is_that_of_the_dropped_weights_times_the_mask(bool useKernels)
    {
        using DisposeScope scope = NewDisposeScope();
        using WeightDropLstm lstm = new WeightDropLstm(Input, Output, CPU, useKernels).Randomize(2);
        Parameter recurrent = lstm.Named("lstm.weight_hh_l0");
        double[] whole = Tensors.Values(recurrent), dropped = Dropped(recurrent, s_half);
        using (lstm.DropWeights(s_half))
        {
            Loss(lstm).backward();
        }

        (double[] expected, double[] input) = Gradients(seed: 2, dropped, whole);
        Assert.IsTrue(expected.Any(g => g == 0) && expected.Any(g => g != 0));
        Numbers.AssertClose(expected, Tensors.Values(recurrent.grad!), 1e-5, "gradient by the whole recurrent weights");
        Numbers.AssertClose(input, Tensors.Values(lstm.Named("lstm.weight_ih_l0").grad!), 1e-5, "gradient by the input weights");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Gradients_of_several_passes_add_up_each_with_the_mask_of_its_own_pass(bool useKernels)
    {
        using DisposeScope scope = NewDisposeScope();
        using WeightDropLstm lstm = new WeightDropLstm(Input, Output, CPU, useKernels).Randomize(3);
        Parameter recurrent = lstm.Named("lstm.weight_hh_l0");
        double[] whole = Tensors.Values(recurrent), expected = new double[whole.Length];
        for (int pass = 0; pass < 3; pass++)
        {
            Drop drop = s_half with { Source = new(Seed: 1, FirstColumn: pass) };
            double[] dropped = Dropped(recurrent, drop);
            using (lstm.DropWeights(drop))
            {
                Loss(lstm).backward();
            }

            expected = [.. expected.Zip(Gradients(seed: 3, dropped, whole).Recurrent, (a, b) => a + b)];
        }

        Numbers.AssertClose(expected, Tensors.Values(recurrent.grad!), 1e-5, "sum of the gradients");
    }

    [TestMethod]
    public void A_network_drops_the_weights_of_every_layer_until_the_pass_is_over_and_none_at_rate_zero()
    {
        DropoutRates rates = DropoutRates.None with { Weight = 0.5, Source = new(Seed: 1, FirstColumn: 0) };
        using DisposeScope scope = NewDisposeScope();
        using LanguageModelNetwork network = Shapes.Network();
        string[] recurrent = ["encoder.layer0.lstm.weight_hh_l0", "encoder.layer1.lstm.weight_hh_l0"];
        double[] whole = Encode(), dropped;
        using (network.DropWeights(rates))
        {
            dropped = Encode();
        }

        Assert.AreSequenceEqual(whole, Encode());
        using (network.DropWeights(DropoutRates.None))
        {
            Assert.AreSequenceEqual(whole, Encode());
        }

        for (int layer = 0; layer < 2; layer++)
        {
            Parameter weight = network.Named(recurrent[layer]);
            weight.Set(Dropped(weight, rates.At(DropoutSite.Weight, layer)));
        }

        Numbers.AssertClose(Encode(), dropped, 1e-6, "contexts");

        double[] Encode()
        {
            using RecurrentState state = network.InitialState(2);
            return Tensors.Values(network.Encode(Tensors.Ids([1, 2, 3, 4, 5, 6], 3, 2), state, DropoutRates.None).Raw);
        }
    }

    /// <summary>The weights with some dropped.</summary>
    private static double[] Dropped(Parameter weight, Drop drop) => Tensors.Values(weight * Dropout.OfWeight(weight.detach(), drop));

    /// <summary>The gradients of a layer that has the dropped weights for good, that by the recurrent weights times the mask.</summary>
    private static (double[] Recurrent, double[] Input) Gradients(int seed, double[] dropped, double[] whole)
    {
        using WeightDropLstm plain = new WeightDropLstm(Input, Output, CPU).Randomize(seed);
        Parameter recurrent = plain.Named("lstm.weight_hh_l0");
        recurrent.Set(dropped);
        Loss(plain).backward();
        double[] masked = [.. Tensors.Values(recurrent.grad!).Select((gradient, i) => gradient * dropped[i] / whole[i])];
        return (masked, Tensors.Values(plain.Named("lstm.weight_ih_l0").grad!));
    }

    private static uint[][] AllBits(WeightDropLstm lstm) => [.. lstm.parameters().Select(Tensors.Bits)];

    private static Tensor Loss(WeightDropLstm lstm)
    {
        Tensor x = Tensors.Singles(Numbers.Gaussian(new Random(9), Steps * Batch * Input), Steps, Batch, Input);
        return lstm.Call(x, zeros(1, Batch, Output), zeros(1, Batch, Output)).Output.square().sum();
    }
}
