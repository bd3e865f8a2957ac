using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// What the two mixtures share: K context vectors h[c,k] = tanh(W_h,k g + b_k) and the prior pi[c,:] = softmax(W_pi g)
/// (paper, section 2.3).
/// </summary>
internal sealed class Experts : nn.Module
{
    [ComponentName(Name = "latent")]
    private readonly Linear _latent;

    [ComponentName(Name = "prior")]
    private readonly Linear _prior;

    private readonly int _count;

    public Experts(NetworkShape shape, Device device) : base(nameof(Experts))
    {
        _count = shape.Experts;
        _latent = nn.Linear(shape.LastHiddenSize, (long)shape.Experts * shape.EmbeddingSize, device: device);
        _prior = nn.Linear(shape.LastHiddenSize, shape.Experts, hasBias: false, device: device);
        RegisterComponents();
    }

    /// <summary>g [T, B, H] to contexts [N K, d] and log priors [N, K].</summary>
    public (Tensor Contexts, Tensor LogPriors) Call(Tensor g_t_b_h, Drop latentDropout)
    {
        Tensor latent_t_b_kd = Dropout.Locked(_latent.call(g_t_b_h).tanh(), latentDropout);
        Tensor contexts_nk_d = latent_t_b_kd.reshape(-1, latent_t_b_kd.shape[2] / _count);
        return (contexts_nk_d, _prior.call(g_t_b_h).flatten(0, 1).log_softmax(1));
    }
}
