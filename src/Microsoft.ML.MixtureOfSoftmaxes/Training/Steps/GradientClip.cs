using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// Scales gradients down to a norm, all by one factor. Norm and factor stay on the device: libtorch's own function reads the norm back, and a GPU
/// would have to be waited for.
/// </summary>
internal static class GradientClip
{
    // libtorch's: keeps a norm of zero from being divided by.
    private const double Epsilon = 1e-6;

    /// <summary>The Euclidean norm of all gradients together before they were clipped, a scalar tensor.</summary>
    public static Tensor Apply(IEnumerable<Parameter> parameters, double maximum)
    {
        using IDisposable noGrad = no_grad();
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        Tensor norm = stack([.. gradients.Select(gradient => gradient.norm())]).norm();
        Tensor factor = (norm + Epsilon).reciprocal().mul_(maximum).clamp_max_(1);
        Array.ForEach(gradients, gradient => gradient.mul_(factor));
        return norm;
    }
}
