using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>One softmax over g itself; where H differs from d, over a linear projection of g.</summary>
internal sealed class SoftmaxHead : Head
{
    [ComponentName(Name = "projection")]
    private readonly Linear? _projection;

    public SoftmaxHead(NetworkShape shape, Device device) : base(nameof(SoftmaxHead))
    {
        if (shape.LastHiddenSize != shape.EmbeddingSize)
        {
            _projection = nn.Linear(shape.LastHiddenSize, shape.EmbeddingSize, device: device);
        }

        RegisterComponents();
    }

    public override Mixture Mix(Tensor g_t_b_h, Drop latentDropout)
    {
        Tensor h_t_b_d = Dropout.Locked(_projection?.call(g_t_b_h) ?? g_t_b_h, latentDropout);
        return new(h_t_b_d.flatten(0, 1), null);
    }
}
