using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>A parameter of a network that follows its gradient, and is drawn back to where it was.</summary>
internal sealed class AdaptiveWeight : IDisposable
{
    private readonly Parameter _weight;
    private readonly Tensor _original;
    private readonly Tensor _decay;
    private readonly Tensor _rate;

    /// <param name="weight">w, which is w0 now.</param>
    /// <param name="root">s, the size of its gradients on training data.</param>
    /// <param name="normalizer">r = s / normalizer.</param>
    /// <param name="options">eta, lambda and epsilon.</param>
    public AdaptiveWeight(Parameter weight, Tensor root, double normalizer, DynamicEvaluationOptions options)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        _weight = weight;
        _original = weight.detach().clone();

        // lambda r is clipped at 1, that is r at 1 / lambda: more would go beyond w0.
        _decay = (root * (options.DecayRate / normalizer)).clamp_max_(1);
        _rate = (root + options.Epsilon).reciprocal_().mul_(-options.LearningRate);
        scope.Detach(_original, _decay, _rate);
    }

    /// <summary>w += lambda r (w0 - w) - eta g / (s + epsilon), and forgets the gradient.</summary>
    public void Step()
    {
        using IDisposable noGrad = no_grad();
        Tensor gradient = _weight.grad!;
        _weight.lerp_(_original, _decay);
        _weight.addcmul_(gradient, _rate, 1);
        gradient.zero_();
    }

    public void Dispose()
    {
        _original.Dispose();
        _decay.Dispose();
        _rate.Dispose();
    }
}
