using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>From contexts g to the mixture that the decoder turns into a distribution over words.</summary>
internal abstract class Head(string name) : nn.Module(name)
{
    /// <param name="g_t_b_h">Contexts [T, B, <see cref="NetworkShape.ContextSize"/>], N = T B of them.</param>
    /// <param name="latentDropout">Locked dropout of the context vectors; at a rate of 0 outside training.</param>
    public abstract Mixture Mix(Tensor g_t_b_h, Drop latentDropout);

    public static Head Create(NetworkShape shape, Device device) => shape.Head switch
    {
        LanguageModelHead.Softmax => new SoftmaxHead(shape, device),
        LanguageModelHead.MixtureOfContexts => new MixtureOfContextsHead(shape, device),
        LanguageModelHead.MixtureOfSoftmaxes => new MixtureOfSoftmaxesHead(shape, device, OutputActivation.Softmax),
        LanguageModelHead.MixtureOfSigSoftmaxes => new MixtureOfSoftmaxesHead(shape, device, OutputActivation.SigSoftmax),
        LanguageModelHead.Mixtape => new MixtapeHead(shape, device),
        LanguageModelHead.Plif => new PlifHead(shape, device),
        LanguageModelHead.DirectOutputConnection => new DirectOutputHead(shape, device),
        LanguageModelHead.MultiFacetSoftmax => new MultiFacetSoftmaxHead(shape, device),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape.Head, "There is no such head."),
    };
}
