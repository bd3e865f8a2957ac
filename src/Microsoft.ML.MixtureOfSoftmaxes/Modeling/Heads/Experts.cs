using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// What mixtures share: K context vectors h[c,k] = tanh(W_h,k g + b_k) and the prior pi[c,:] = softmax(W_pi g)
/// (paper, section 2.3). With a latent rank R, W_h,k is the product of a matrix of each expert, d by R, and one that all share, R by H.
/// </summary>
internal sealed class Experts : nn.Module
{
    [ComponentName(Name = "narrow")]
    private readonly Linear? _narrow;

    [ComponentName(Name = "latent")]
    private readonly Linear _latent;

    [ComponentName(Name = "prior")]
    private readonly Linear _prior;

    private readonly int _count;

    public Experts(NetworkShape shape, Device device) : base(nameof(Experts))
    {
        _count = shape.ContextCount;
        _narrow = CreateNarrow(shape, device);
        _latent = nn.Linear(shape.LatentInputSize, (long)_count * shape.EmbeddingSize, device: device);
        _prior = nn.Linear(shape.LastHiddenSize, shape.Experts, hasBias: false, device: device);
        RegisterComponents();
    }

    /// <summary>What all experts share of the way to their contexts, from H to R; null where nothing limits the rank.</summary>
    public static Linear? CreateNarrow(NetworkShape shape, Device device)
    {
        if (shape.LatentRank == 0)
        {
            return null;
        }

        // Variances of 1 / H: the product with what follows then has the variance of the one matrix of H columns that it stands for.
        Linear narrow = nn.Linear(shape.LastHiddenSize, shape.LatentRank, hasBias: false, device: device);
        double range = Math.Sqrt(3.0 / shape.LastHiddenSize);
        nn.init.uniform_(narrow.weight, -range, range);
        return narrow;
    }

    /// <summary>g [T, B, H] to contexts [N K, d], or with J facets [N (J + K - 1), d], and log priors [N, K].</summary>
    public (Tensor Contexts, Tensor LogPriors) Call(Tensor g_t_b_h, Drop latentDropout)
    {
        Tensor latent_t_b_kd = Dropout.Locked(_latent.call(_narrow?.call(g_t_b_h) ?? g_t_b_h).tanh(), latentDropout);
        Tensor contexts_nk_d = latent_t_b_kd.reshape(-1, latent_t_b_kd.shape[2] / _count);
        return (contexts_nk_d, _prior.call(g_t_b_h).flatten(0, 1).log_softmax(1));
    }
}
