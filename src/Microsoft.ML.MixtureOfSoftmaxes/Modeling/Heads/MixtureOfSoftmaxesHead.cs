using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// P(x|c) = sum_k pi[c,k] softmax_x(h[c,k] . w[x] + b[x]) (paper, section 2.3), or with another activation in the softmax's place.
/// </summary>
internal sealed class MixtureOfSoftmaxesHead : Head
{
    [ComponentName(Name = "experts")]
    private readonly Experts _experts;

    private readonly OutputActivation _activation;

    public MixtureOfSoftmaxesHead(NetworkShape shape, Device device, OutputActivation activation) : base(nameof(MixtureOfSoftmaxesHead))
    {
        _activation = activation;
        _experts = new Experts(shape, device);
        RegisterComponents();
    }

    public override Mixture Mix(Tensor g_t_b_h, Drop latentDropout)
    {
        (Tensor contexts_nk_d, Tensor logPriors_n_k) = _experts.Call(g_t_b_h, latentDropout);
        return new(contexts_nk_d, logPriors_n_k, Activation: _activation);
    }
}
