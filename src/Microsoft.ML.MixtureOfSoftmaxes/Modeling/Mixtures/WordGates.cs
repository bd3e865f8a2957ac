using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// What makes the logits of the S first words of the vocabulary where each has gates of its own (Mixtape): z[n,v] = sum_k pi[n,v,k]
/// h[n,k] . w[v] + b[v], with pi[n,v,:] by a <see cref="SigmoidTree"/> whose gates are sigmoid(t[n,i] . a[v] + s[n,i] + c[i,v]).
/// </summary>
/// <param name="Contexts">h, [N, K, d].</param>
/// <param name="Features">t, what gates see of a context, [N, K - 1, e].</param>
/// <param name="Shared">s, what the gates of all words have in common, [N, K - 1].</param>
/// <param name="Embedding">a, [S, e].</param>
/// <param name="Bias">c, [K - 1, S].</param>
internal sealed record WordGates(Tensor Contexts, Tensor Features, Tensor Shared, Tensor Embedding, Tensor Bias)
{
    /// <summary>K.</summary>
    public long Experts => Contexts.shape[1];

    /// <summary>S.</summary>
    public long Words => Embedding.shape[0];

    public IEnumerable<Tensor> Tensors => [Contexts, Features, Shared, Embedding, Bias];

    /// <summary>The gates of <paramref name="count"/> contexts from <paramref name="start"/> on, as views.</summary>
    public WordGates Rows(long start, long count) => this with
    {
        Contexts = Contexts.narrow(0, start, count),
        Features = Features.narrow(0, start, count),
        Shared = Shared.narrow(0, start, count),
    };

    /// <summary>The same in another type of numbers.</summary>
    public WordGates To(ScalarType type) => new(Contexts.to(type), Features.to(type), Shared.to(type), Embedding.to(type), Bias.to(type));

    /// <summary>Room for the gradient; by what all contexts have in common it adds up from zero.</summary>
    public WordGates NewGradient() => new(
        Contexts.new_empty(Contexts.shape), Features.new_empty(Features.shape), Shared.new_empty(Shared.shape),
        Embedding.new_zeros(Embedding.shape), Bias.new_zeros(Bias.shape));

    /// <summary>The same for a kernel, which takes tensors that are contiguous and have no graph.</summary>
    public GateTensors ToKernel() => new(
        Contexts.detach().contiguous(), Features.detach().contiguous(), Shared.detach().contiguous(), Embedding.detach().contiguous(),
        Bias.detach().contiguous());
}
