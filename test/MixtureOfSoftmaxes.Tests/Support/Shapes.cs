using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>Small networks with weights of the test's own.</summary>
internal static class Shapes
{
    public const int Vocabulary = 13;

    public static NetworkShape Small(LanguageModelHead head, int experts = 3, int lastHidden = 6) =>
        new(head, Vocabulary, EmbeddingSize: 4, HiddenSize: 5, LastHiddenSize: lastHidden, LayerCount: 2, experts);

    public static LanguageModelNetwork Network(LanguageModelHead head = LanguageModelHead.MixtureOfSoftmaxes, int seed = 1) =>
        new LanguageModelNetwork(Small(head), CPU).Randomize(seed);
}
