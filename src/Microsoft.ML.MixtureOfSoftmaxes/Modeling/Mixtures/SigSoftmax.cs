using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// Sigsoftmax is a softmax of other logits: exp(z) sigmoid(z) = exp(f(z)) with f(z) = z + log sigmoid(z), whose derivative is
/// 2 - sigmoid(z). In log space, so that it neither overflows nor meets a floor.
/// </summary>
internal static class SigSoftmax
{
    /// <summary>Puts f(z) in the place of z; log sigmoid(z), which the derivative goes by.</summary>
    public static Tensor Apply(Tensor z)
    {
        Tensor logSigmoid = z.log_sigmoid();
        z.add_(logSigmoid);
        return logSigmoid;
    }

    /// <summary>f'(z), in the place of log sigmoid(z).</summary>
    public static Tensor Derivative(Tensor logSigmoid) => logSigmoid.exp_().neg_().add_(2);
}
