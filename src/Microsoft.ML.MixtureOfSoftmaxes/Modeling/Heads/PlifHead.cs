using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// The linear-monotonic softmax (Ganea, Gelly, Bécigneul, Severyn, ICML 2019): one softmax over logits of which a learnt increasing function
/// is taken, the same for all words. Its slopes are softplus(raw); it begins as a softmax.
/// </summary>
internal sealed class PlifHead : Head
{
    // softplus of it is 1.
    private static readonly double s_initialSlope = Math.Log(Math.E - 1);

    [ComponentName(Name = "softmax")]
    private readonly SoftmaxHead _softmax;

    [ComponentName(Name = "raw_slopes")]
    private readonly Parameter _rawSlopes_m;

    private readonly double _range;

    public PlifHead(NetworkShape shape, Device device) : base(nameof(PlifHead))
    {
        _range = shape.LogitRange;
        _softmax = new SoftmaxHead(shape, device);
        _rawSlopes_m = new Parameter(full(shape.Pieces, s_initialSlope, device: device));
        RegisterComponents();
    }

    public override Mixture Mix(Tensor g_t_b_h, Drop latentDropout) =>
        _softmax.Mix(g_t_b_h, latentDropout) with { Increase = new(nn.functional.softplus(_rawSlopes_m), _range) };
}
