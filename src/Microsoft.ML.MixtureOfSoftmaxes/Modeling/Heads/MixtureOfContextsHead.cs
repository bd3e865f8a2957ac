using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>P(x|c) = softmax_x(sum_k pi[c,k] h[c,k] . w[x] + b[x]): the control, still of low rank (paper, section 2.4).</summary>
internal sealed class MixtureOfContextsHead : Head
{
    [ComponentName(Name = "experts")]
    private readonly Experts _experts;

    public MixtureOfContextsHead(NetworkShape shape, Device device) : base(nameof(MixtureOfContextsHead))
    {
        _experts = new Experts(shape, device);
        RegisterComponents();
    }

    public override Mixture Mix(Tensor g_t_b_h, Drop latentDropout)
    {
        (Tensor contexts_nk_d, Tensor logPriors_n_k) = _experts.Call(g_t_b_h, latentDropout);
        Tensor contexts_n_k_d = contexts_nk_d.view(logPriors_n_k.shape[0], logPriors_n_k.shape[1], contexts_nk_d.shape[1]);
        return new((contexts_n_k_d * logPriors_n_k.exp().unsqueeze(2)).sum(1), null);
    }
}
