using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling;

[TestClass]
public sealed class NetworkGoldenTests
{
    [TestMethod]
    [DataRow("softmax")]
    [DataRow("softmax-untouched")]
    [DataRow("mixture-of-contexts")]
    [DataRow("mixture-of-softmaxes")]
    [DataRow("mixture-of-sigsoftmaxes")]
    [DataRow("mixtape")]
    [DataRow("plif")]
    [DataRow("multi-facet")]
    [DataRow("one-multi-facet")]
    [DataRow("low-rank-mixture")]
    [DataRow("direct-output")]
    [DataRow("direct-output-of-three")]
    public void Likelihoods_states_and_every_gradient_equal_pytorchs(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        Golden golden = Golden.Read(name);
        using LanguageModelNetwork network = golden.Network();
        using var loss = new MixtureCrossEntropy();
        TokenGrid grid = golden.Grid();
        (Tensor words, Tensor targets) = grid.Window(0, Golden.Steps);
        LanguageModelNetwork.Encoding encoding = network.Encode(words, golden.State(), DropoutRates.None);
        Tensor logLikelihood = loss.Backward(encoding.Mixture, network.Embedding, network.DecoderBias, targets, 1.0 / targets.numel());
        double[] actual = Tensors.Values(logLikelihood);
        Numbers.AssertClose(golden.LogLikelihoods, actual, 1e-5, "log-likelihood");
        Assert.AreEqual(golden.Loss, -actual.Average(), 1e-5 * golden.Loss);
        for (int layer = 0; layer < golden.Shape.LayerCount; layer++)
        {
            Numbers.AssertClose(golden.NextHidden[layer], Tensors.Values(encoding.Next.Hidden(layer)), 1e-5, $"hidden state {layer}");
            Numbers.AssertClose(golden.NextCell[layer], Tensors.Values(encoding.Next.Cell(layer)), 1e-5, $"cell state {layer}");
        }

        foreach ((string parameterName, Parameter parameter) in network.named_parameters())
        {
            Numbers.AssertClose(golden.Gradients[parameterName], Tensors.Values(parameter.grad!), 1e-5, $"gradient by {parameterName}");
        }
    }

    [TestMethod]
    public void Embedding_and_decoder_are_one_parameter()
    {
        using LanguageModelNetwork network = Shapes.Network();
        Assert.AreEqual(1, network.named_parameters().Count(p => p.parameter.shape is [Shapes.Vocabulary, 4]));
        Assert.IsFalse(network.state_dict().Keys.Any(name => name.Contains("decoder.weight", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_new_network_starts_as_the_paper_says()
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(1);
        NetworkShape wide = Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes) with { EmbeddingSize = 100 };
        using var network = new LanguageModelNetwork(wide, CPU);
        double[] embedding = Tensors.Values(network.Embedding);
        Assert.IsInRange(-0.1, -0.095, embedding.Min());
        Assert.IsInRange(0.095, 0.1, embedding.Max());
        Assert.AreEqual(0, embedding.Average(), 5 * 0.1 / Math.Sqrt(3 * embedding.Length));
        Assert.IsTrue(Tensors.Values(network.DecoderBias).All(b => b == 0));
        Assert.IsLessThanOrEqualTo(1 / Math.Sqrt(6), Tensors.Values(network.Named("encoder.layer1.lstm.weight_hh_l0")).Max(Math.Abs));
    }

    [TestMethod]
    public void The_seed_decides_the_initial_weights()
    {
        uint[] first = Weights(7), again = Weights(7), other = Weights(8);
        Assert.AreSequenceEqual(first, again);
        Assert.IsFalse(first.SequenceEqual(other));

        static uint[] Weights(long seed)
        {
            ComputeDevice.Seed(seed);
            using var network = new LanguageModelNetwork(Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes), CPU);
            return [.. network.parameters().SelectMany(Tensors.Bits)];
        }
    }
}
