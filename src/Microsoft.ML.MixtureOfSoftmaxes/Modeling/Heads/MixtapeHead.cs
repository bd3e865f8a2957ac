using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// Mixtape (Yang, Luong, Salakhutdinov, Le, NeurIPS 2019): one softmax over logits that are mixed word by word. The frequent words, which
/// come first in the vocabulary, have gates of their own (<see cref="WordGates"/>); the others share one set of gates per context, so that
/// their contexts are mixed before the product with the decoder.
/// </summary>
internal sealed class MixtapeHead : Head
{
    private const double InitialRange = 0.1;

    [ComponentName(Name = "narrow")]
    private readonly Linear? _narrow;

    [ComponentName(Name = "latent")]
    private readonly Linear _latent;

    [ComponentName(Name = "gate_features")]
    private readonly Linear _features;

    [ComponentName(Name = "shared_gates")]
    private readonly Linear _shared;

    [ComponentName(Name = "gate_embedding")]
    private readonly Parameter _embedding_s_e;

    [ComponentName(Name = "gate_bias")]
    private readonly Parameter _bias_i_s;

    private readonly int _experts;

    public MixtapeHead(NetworkShape shape, Device device) : base(nameof(MixtapeHead))
    {
        _experts = shape.Experts;
        int gates = shape.Experts - 1;
        _narrow = Experts.CreateNarrow(shape, device);
        _latent = nn.Linear(shape.LatentInputSize, (long)shape.Experts * shape.EmbeddingSize, device: device);
        _features = nn.Linear(shape.LastHiddenSize, (long)gates * shape.GateSize, device: device);
        _shared = nn.Linear(shape.LastHiddenSize, gates, hasBias: false, device: device);
        _embedding_s_e = new Parameter(
            nn.init.uniform_(empty(shape.FrequentWords, shape.GateSize, device: device), -InitialRange, InitialRange));
        _bias_i_s = new Parameter(zeros(gates, shape.FrequentWords, device: device));
        RegisterComponents();
    }

    public override Mixture Mix(Tensor g_t_b_h, Drop latentDropout)
    {
        Tensor contexts_n_k_d = Split(Dropout.Locked(_latent.call(_narrow?.call(g_t_b_h) ?? g_t_b_h).tanh(), latentDropout), _experts);
        Tensor features_n_i_e = Split(_features.call(g_t_b_h).tanh(), _experts - 1);
        Tensor shared_n_i = _shared.call(g_t_b_h).flatten(0, 1);
        return new(SigmoidTree.Mix(contexts_n_k_d, shared_n_i.sigmoid().unsqueeze(2)), null)
        {
            Gates = new(contexts_n_k_d, features_n_i_e, shared_n_i, _embedding_s_e, _bias_i_s),
        };
    }

    private static Tensor Split(Tensor x_t_b_kd, long parts) =>
        x_t_b_kd.reshape(x_t_b_kd.shape[0] * x_t_b_kd.shape[1], parts, x_t_b_kd.shape[2] / parts);
}
