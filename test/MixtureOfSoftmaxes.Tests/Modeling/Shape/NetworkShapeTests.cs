using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Shape;

[TestClass]
public sealed class NetworkShapeTests
{
    [TestMethod]
    [DataRow(10_000, 280, 960, 620, 21_500_620L, DisplayName = "Penn Treebank")]
    [DataRow(33_278, 300, 1150, 650, 34_909_528L, DisplayName = "WikiText-2")]
    public void The_papers_settings_have_the_papers_parameter_counts(int v, int d, int hidden, int lastHidden, long expected)
    {
        var shape = new NetworkShape(LanguageModelHead.MixtureOfSoftmaxes, v, d, hidden, lastHidden, LayerCount: 3, Experts: 15);
        Assert.AreEqual(expected, shape.ParameterCount);
        using var network = new LanguageModelNetwork(shape, CPU);
        Assert.AreEqual(expected, network.parameters().Sum(parameter => parameter.numel()));
    }

    [TestMethod]
    [DataRow(LanguageModelHead.Softmax, 1, 6)]
    [DataRow(LanguageModelHead.Softmax, 1, 4)]
    [DataRow(LanguageModelHead.MixtureOfContexts, 5, 6)]
    [DataRow(LanguageModelHead.MixtureOfSoftmaxes, 1, 6)]
    [DataRow(LanguageModelHead.MixtureOfSoftmaxes, 5, 4)]
    [DataRow(LanguageModelHead.MixtureOfSigSoftmaxes, 5, 4)]
    [DataRow(LanguageModelHead.Mixtape, 4, 6)]
    [DataRow(LanguageModelHead.Plif, 1, 6)]
    [DataRow(LanguageModelHead.Plif, 1, 4)]
    [DataRow(LanguageModelHead.MultiFacetSoftmax, 1, 6)]
    [DataRow(LanguageModelHead.MultiFacetSoftmax, 3, 4)]
    [DataRow(LanguageModelHead.DirectOutputConnection, 5, 6)]
    [DataRow(LanguageModelHead.DirectOutputConnection, 2, 4)]
    public void The_formula_counts_the_parameters_that_are_there(LanguageModelHead head, int experts, int lastHidden)
    {
        NetworkShape shape = Shapes.Small(head, experts, lastHidden);
        using var network = new LanguageModelNetwork(shape, CPU);
        Assert.AreEqual(network.parameters().Sum(parameter => parameter.numel()), shape.ParameterCount);
    }

    [TestMethod]
    public void The_published_direct_output_network_has_23_million_parameters()
    {
        var shape = new NetworkShape(
            LanguageModelHead.DirectOutputConnection, 10_000, 280, 960, 620, LayerCount: 3, Experts: 20, LowerExperts: 5, LowerLayers: 1);
        Assert.AreEqual(23, Math.Round(shape.ParameterCount / 1e6));
    }

    [TestMethod]
    public void It_counts_those_of_experts_of_several_layers()
    {
        NetworkShape shape = Shapes.Small(LanguageModelHead.DirectOutputConnection) with
        {
            LayerCount = 4,
            Experts = 7,
            LowerExperts = 2,
            LowerLayers = 3,
        };
        using var network = new LanguageModelNetwork(shape, CPU);
        Assert.AreEqual(network.parameters().Sum(parameter => parameter.numel()), shape.ParameterCount);
    }

    [TestMethod]
    [DataRow(LanguageModelHead.MixtureOfContexts)]
    [DataRow(LanguageModelHead.MixtureOfSigSoftmaxes)]
    [DataRow(LanguageModelHead.Mixtape)]
    [DataRow(LanguageModelHead.MultiFacetSoftmax)]
    public void It_counts_those_of_a_latent_rank(LanguageModelHead head)
    {
        NetworkShape whole = Shapes.Small(head), narrow = whole with { LatentRank = 2 };
        using var network = new LanguageModelNetwork(narrow, CPU);
        Assert.AreEqual(network.parameters().Sum(parameter => parameter.numel()), narrow.ParameterCount);

        // K d H weights become R (K d + H).
        int outputs = whole.ContextCount * whole.EmbeddingSize, h = whole.LastHiddenSize;
        Assert.AreEqual((outputs * h) - (2 * (outputs + h)), whole.ParameterCount - narrow.ParameterCount);
    }

    [TestMethod]
    public void Layers_go_from_embedding_over_hidden_to_last_hidden_size()
    {
        var shape = new NetworkShape(
            LanguageModelHead.Softmax, 9, EmbeddingSize: 2, HiddenSize: 3, LastHiddenSize: 4, LayerCount: 3, Experts: 1);
        Assert.AreEqual((2, 3), shape.Layer(0));
        Assert.AreEqual((3, 3), shape.Layer(1));
        Assert.AreEqual((3, 4), shape.Layer(2));
        Assert.AreEqual((2, 4), (shape with { LayerCount = 1 }).Layer(0));
    }
}
