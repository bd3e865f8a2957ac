using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// A learnt increasing function of logits (Ganea, Gelly, Bécigneul, Severyn, ICML 2019): f is linear on each of M equal pieces of [-T, T],
/// and outside goes on as on the first and the last of them. f(-T) = -T, so that with slopes of 1 it changes nothing.
/// </summary>
/// <param name="Slopes">s, each above 0, [M].</param>
/// <param name="Range">T.</param>
internal sealed record PiecewiseLinear(Tensor Slopes, double Range)
{
    /// <summary>M.</summary>
    public long Pieces => Slopes.shape[0];

    public double Width => 2 * Range / Pieces;

    /// <summary>Where each piece begins, [M].</summary>
    public Tensor Knots => arange(Pieces, Slopes.dtype, Slopes.device).mul_(Width).sub_(Range);

    /// <summary>f at each of the <see cref="Knots"/>, [M].</summary>
    public Tensor Values => (Slopes.cumsum(0) - Slopes).mul_(Width).sub_(Range);

    /// <summary>Room for the gradient, which adds up from zero over all logits.</summary>
    public PiecewiseLinear NewGradient() => this with { Slopes = Slopes.new_zeros(Slopes.shape) };
}
