using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Encoder;

[TestClass]
public sealed class WeightDropLstmTests
{
    private const int Input = 3, Output = 8, Steps = 5, Batch = 2;

    [TestInitialize]
    public void Seed() => random.manual_seed(1);

    [TestMethod]
    public void Dropped_weights_are_zero_or_scaled_and_come_back_bit_by_bit()
    {
        using DisposeScope scope = NewDisposeScope();
        using WeightDropLstm lstm = new WeightDropLstm(Input, Output, CPU).Randomize(1);
        Parameter recurrent = lstm.Named("lstm.weight_hh_l0");
        uint[][] before = AllBits(lstm);
        double[] whole = Tensors.Values(recurrent);
        using (lstm.DropWeights(0.5))
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
    public void The_gradient_is_that_of_the_dropped_weights_times_the_mask()
    {
        using DisposeScope scope = NewDisposeScope();
        using WeightDropLstm lstm = new WeightDropLstm(Input, Output, CPU).Randomize(2);
        Parameter recurrent = lstm.Named("lstm.weight_hh_l0");
        double[] whole = Tensors.Values(recurrent), dropped;
        using (lstm.DropWeights(0.4))
        {
            dropped = Tensors.Values(recurrent);
            Loss(lstm).backward();
        }

        (double[] expected, double[] input) = Gradients(seed: 2, dropped, whole);
        Assert.IsTrue(expected.Any(g => g == 0) && expected.Any(g => g != 0));
        Numbers.AssertClose(expected, Tensors.Values(recurrent.grad!), 1e-5, "gradient by the whole recurrent weights");
        Numbers.AssertClose(input, Tensors.Values(lstm.Named("lstm.weight_ih_l0").grad!), 1e-5, "gradient by the input weights");
    }

    [TestMethod]
    public void Gradients_of_several_passes_add_up_each_with_the_mask_of_its_own_pass()
    {
        using DisposeScope scope = NewDisposeScope();
        using WeightDropLstm lstm = new WeightDropLstm(Input, Output, CPU).Randomize(3);
        Parameter recurrent = lstm.Named("lstm.weight_hh_l0");
        double[] whole = Tensors.Values(recurrent), expected = new double[whole.Length];
        for (int pass = 0; pass < 3; pass++)
        {
            double[] dropped;
            using (lstm.DropWeights(0.5))
            {
                dropped = Tensors.Values(recurrent);
                Loss(lstm).backward();
            }

            expected = [.. expected.Zip(Gradients(seed: 3, dropped, whole).Recurrent, (a, b) => a + b)];
        }

        Numbers.AssertClose(expected, Tensors.Values(recurrent.grad!), 1e-5, "sum of the gradients");
    }

    [TestMethod]
    public void Every_pass_draws_another_mask()
    {
        using DisposeScope scope = NewDisposeScope();
        using WeightDropLstm lstm = new(Input, Output, CPU);
        Assert.IsFalse(Dropped().SequenceEqual(Dropped()));

        uint[] Dropped()
        {
            using (lstm.DropWeights(0.5))
            {
                return Tensors.Bits(lstm.Named("lstm.weight_hh_l0"));
            }
        }
    }

    [TestMethod]
    public void A_network_drops_the_weights_of_every_layer_and_none_at_rate_zero()
    {
        using DisposeScope scope = NewDisposeScope();
        using LanguageModelNetwork network = Shapes.Network();
        Parameter[] recurrent = [network.Named("encoder.layer0.lstm.weight_hh_l0"), network.Named("encoder.layer1.lstm.weight_hh_l0")];
        using (network.DropWeights(0))
        {
            Assert.IsTrue(recurrent.All(weight => Tensors.Values(weight).All(w => w != 0)));
        }

        using (network.DropWeights(0.5))
        {
            Assert.IsTrue(recurrent.All(weight => Tensors.Values(weight).Any(w => w == 0)));
        }

        Assert.IsTrue(recurrent.All(weight => Tensors.Values(weight).All(w => w != 0)));
    }

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
