using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Small networks with weights of the test's own.</summary>
internal static class Shapes
{
    public const int Vocabulary = 13;

    /// <summary>
    /// A Mixtape has four experts and five words with gates of their own; the function of a Plif has seven pieces. One of the experts of a direct
    /// output connection is of the first layer. A multi-facet softmax divides the vocabulary in four partitions, of four and of three words.
    /// </summary>
    public static NetworkShape Small(LanguageModelHead head, int experts = 3, int lastHidden = 6)
    {
        var shape = new NetworkShape(
            head, Vocabulary, EmbeddingSize: 4, HiddenSize: 5, LastHiddenSize: lastHidden, LayerCount: 2, experts);
        return head switch
        {
            LanguageModelHead.Mixtape => shape with { Experts = 4, GateSize = 3, FrequentWords = 5 },
            LanguageModelHead.Plif => shape with { Pieces = 7, LogitRange = 0.75 },
            LanguageModelHead.DirectOutputConnection => shape with { LowerExperts = 1, LowerLayers = 1 },
            LanguageModelHead.MultiFacetSoftmax => shape with { Partitions = 4 },
            _ => shape,
        };
    }

    public static LanguageModelNetwork Network(LanguageModelHead head = LanguageModelHead.MixtureOfSoftmaxes, int seed = 1) =>
        new LanguageModelNetwork(Small(head), CPU).Randomize(seed);
}
