using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Heads;

[TestClass]
public sealed class DirectOutputHeadTests
{
    private const int D = 4, Hidden = 5, Last = 6, Columns = 3;

    [TestMethod]
    public void Each_layer_makes_contexts_of_its_own_and_the_last_the_prior()
    {
        using DisposeScope scope = NewDisposeScope();
        NetworkShape shape = Shapes.Small(LanguageModelHead.DirectOutputConnection, experts: 6) with
        {
            LayerCount = 4,
            LowerExperts = 2,
            LowerLayers = 2,
        };
        using Head head = Head.Create(shape, CPU).Randomize(1);
        double[] g = Numbers.Gaussian(new Random(2), (2 * Hidden) + Last);
        Mixture mixture = head.Mix(Tensors.Singles(g, 1, 1, g.Length), Drop.None);

        // Layer 0 of the four has no experts.
        double[][] layers = [g[..Hidden], g[Hidden..(2 * Hidden)], g[(2 * Hidden)..]];
        double[] contexts = [.. layers.SelectMany((x, i) => Linear(head, $"latent{i + 1}", x).Select(Math.Tanh))];
        Assert.HasCount(6 * D, contexts);
        Numbers.AssertClose(contexts, Tensors.Values(mixture.Contexts), 1e-6, "contexts");
        double[] gates = Linear(head, "prior", layers[2]);
        Numbers.AssertClose([.. gates.Select(gate => gate - Numbers.LogSumExp(gates))], Tensors.Values(mixture.LogPriors!), 1e-6, "log priors");
    }

    [TestMethod]
    public void Latent_dropout_is_locked_and_of_the_experts_of_every_layer()
    {
        using DisposeScope scope = NewDisposeScope();
        using Head head = Head.Create(Shapes.Small(LanguageModelHead.DirectOutputConnection, experts: 40), CPU).Randomize(3);
        Tensor same_t_b_h = Tensors.Singles(Numbers.Gaussian(new Random(4), Hidden + Last), 1, 1, Hidden + Last).expand(2, Columns, -1);
        double[] whole = Tensors.Values(head.Mix(same_t_b_h, Drop.None).Contexts);
        double[] dropped = Tensors.Values(head.Mix(same_t_b_h, new(0.5, default, DropoutSite.Latent, Layer: 0)).Contexts);
        int step = whole.Length / 2;
        double[] ratios = [.. dropped.Zip(whole, (a, b) => Math.Round(a / b, 5))];
        Assert.AreSequenceEqual(ratios[..step], ratios[step..]);
        double[] lower = [.. ratios[..step].Chunk(40 * D).SelectMany(column => column[..D])];
        double[] last = [.. ratios[..step].Chunk(40 * D).SelectMany(column => column[D..])];
        Assert.AreSequenceEqual([0.0, 2.0], lower.Distinct().Order(), "the first expert is of the lower layer");
        Assert.AreSequenceEqual([0.0, 2.0], last.Distinct().Order(), "the others are of the last");
    }

    [TestMethod]
    public void Experts_of_a_lower_layer_see_its_output_dropped_as_the_layer_above_does()
    {
        using DisposeScope scope = NewDisposeScope();
        using LanguageModelNetwork network = Shapes.Network(LanguageModelHead.DirectOutputConnection);
        DropoutRates rates = DropoutRates.None with { Hidden = 0.5, Output = 0.5, Source = new(Seed: 5, FirstColumn: 0) };
        using RecurrentState start = network.InitialState(Columns);
        LanguageModelNetwork.Encoding encoding = network.Encode(Tensors.Ids([2, 3, 4], 1, Columns), start, rates);

        // After one step the state of the first layer is its output, before dropout.
        Tensor lower_b_h = Dropout.Locked(encoding.Next.Hidden(0), rates.At(DropoutSite.Hidden, 1)).squeeze(0);
        Tensor last_b_h = encoding.Dropped.squeeze(0);
        double[] values = Tensors.Values(lower_b_h);
        Assert.IsInRange(1, values.Length - 1, values.Count(value => value == 0));
        Tensor expected_b_kd = cat([Linear(network, "latent0", lower_b_h), Linear(network, "latent1", last_b_h)], 1).tanh();
        Numbers.AssertClose(Tensors.Values(expected_b_kd), Tensors.Values(encoding.Mixture.Contexts), 1e-6, "contexts");
    }

    private static double[] Linear(Head head, string layer, double[] x)
    {
        double[] weight = Tensors.Values(head.Named($"{layer}.weight"));
        double[] bias = layer == "prior" ? new double[weight.Length / x.Length] : Tensors.Values(head.Named($"{layer}.bias"));
        return [.. bias.Select((b, i) => b + Numbers.Dot(weight.AsSpan(i * x.Length, x.Length), x))];
    }

    private static Tensor Linear(LanguageModelNetwork network, string layer, Tensor x) =>
        nn.functional.linear(x, network.Named($"head.{layer}.weight"), network.Named($"head.{layer}.bias"));
}
