using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// Direct output connection (Takase, Suzuki, Nagata, EMNLP 2018): P(x|c) = sum_k pi[c,k] softmax_x(h[c,k] . w[x] + b[x]), where experts have
/// their contexts from several layers l, h[c,k] = tanh(W_k g_l + b_k), and the prior is of the last layer. The experts of lower layers come
/// first.
/// </summary>
internal sealed class DirectOutputHead : Head
{
    [ComponentName(Name = "prior")]
    private readonly Linear _prior;

    private readonly Linear[] _latents;
    private readonly long[] _sizes;
    private readonly int _experts;

    public DirectOutputHead(NetworkShape shape, Device device) : base(nameof(DirectOutputHead))
    {
        _experts = shape.Experts;
        int[] layers = [.. Enumerable.Range(shape.FirstContextLayer, shape.LowerLayers + 1)];
        _sizes = [.. layers.Select(layer => (long)shape.Layer(layer).Output)];
        _latents =
        [
            .. layers.Select((layer, i) => nn.Linear(
                _sizes[i], (long)ExpertsOf(layer, shape) * shape.EmbeddingSize, device: device)),
        ];
        _prior = nn.Linear(shape.LastHiddenSize, shape.Experts, hasBias: false, device: device);
        RegisterComponents();
        for (int i = 0; i < layers.Length; i++)
        {
            register_module($"latent{layers[i]}", _latents[i]);
        }
    }

    /// <summary>How many experts have their contexts from a layer of those that the head reads.</summary>
    public static int ExpertsOf(int layer, NetworkShape shape) =>
        layer == shape.LayerCount - 1 ? shape.Experts - (shape.LowerLayers * shape.LowerExperts) : shape.LowerExperts;

    public override Mixture Mix(Tensor g_t_b_h, Drop latentDropout)
    {
        Tensor[] layers_t_b_h = g_t_b_h.split(_sizes, 2);
        Tensor latent_t_b_kd = cat([.. layers_t_b_h.Zip(_latents, (layer_t_b_h, latent) => latent.call(layer_t_b_h))], 2).tanh();
        Tensor dropped_t_b_kd = Dropout.Locked(latent_t_b_kd, latentDropout);
        return new(
            dropped_t_b_kd.reshape(-1, dropped_t_b_kd.shape[2] / _experts), _prior.call(layers_t_b_h[^1]).flatten(0, 1).log_softmax(1));
    }
}
