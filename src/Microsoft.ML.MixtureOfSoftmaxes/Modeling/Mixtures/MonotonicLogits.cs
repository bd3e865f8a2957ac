using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// Logits z of which a <see cref="PiecewiseLinear"/> function f is taken, and the way back by hand. On piece j, which begins at a[j], f(z) is
/// f(a[j]) + s[j] (z - a[j]); so df/dz = s[j], and df/ds[i] is z - a[j] for i = j, the width of a piece for i below j, and 0 for i above.
/// </summary>
internal sealed class MonotonicLogits
{
    private readonly PiecewiseLinear _function;
    private readonly Tensor _pieces_r_v;
    private readonly Tensor _beyondKnots_r_v;

    /// <summary>Puts f(z) in the place of z.</summary>
    public MonotonicLogits(PiecewiseLinear function, Tensor z_r_v)
    {
        _function = function;

        // Bounded as integers, because NaN is none of the numbers between two others: it has a piece, and f(NaN) is NaN.
        _pieces_r_v = z_r_v.add(function.Range).div_(function.Width).to(ScalarType.Int64).clamp_(0, function.Pieces - 1);
        _beyondKnots_r_v = z_r_v - function.Knots.take(_pieces_r_v);
        z_r_v.copy_(_beyondKnots_r_v).mul_(function.Slopes.take(_pieces_r_v)).add_(function.Values.take(_pieces_r_v));
    }

    /// <summary>
    /// Makes of the gradient with respect to f(z), in its place, the gradient with respect to z. Returns the gradient with respect to the
    /// slopes. It uses up what was kept.
    /// </summary>
    public Tensor TakeBack(Tensor gradient_r_v)
    {
        Tensor on_m = Sum(_beyondKnots_r_v.mul_(gradient_r_v));
        Tensor whole_m = Sum(gradient_r_v);
        gradient_r_v.mul_(_function.Slopes.take(_pieces_r_v));
        return on_m.add_(whole_m.sum() - whole_m.cumsum(0), alpha: _function.Width);
    }

    /// <summary>The sums over the logits of each piece, [M]; row by row first, which keeps precision, and threads to rows of their own.</summary>
    private Tensor Sum(Tensor x_r_v) =>
        x_r_v.new_zeros(x_r_v.shape[0], _function.Pieces).scatter_add_(1, _pieces_r_v, x_r_v).sum(dim: 0);
}
