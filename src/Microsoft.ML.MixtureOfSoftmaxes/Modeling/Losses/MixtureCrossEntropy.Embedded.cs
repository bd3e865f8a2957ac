using Microsoft.ML.MixtureOfSoftmaxes.Modeling.Heads;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling.Losses;

/// <summary>The native kernel of the embedded stack: the same pass, with everything between the matrix products done in cache.</summary>
internal sealed partial class MixtureCrossEntropy
{
    private static readonly Op s_logLikelihood = new("mos::mixture_log_likelihood");
    private static readonly Op s_backpropagate = new("mos::mixture_backpropagate");

    partial void NativeLogLikelihood(Mixture mixture, Tensor weight_v_d, Tensor bias_v, Tensor targets_n, ref Tensor? result)
    {
        if (HasKernel(mixture))
        {
            result = s_logLikelihood.Call(
                mixture.Contexts, mixture.LogPriors, weight_v_d, bias_v, targets_n, IsSigSoftmax(mixture),
                mixture.Precision == Precision.BFloat16, Logits(mixture, bias_v));
        }
    }

    partial void NativeBackpropagate(
        Mixture mixture, Parameter weight_v_d, Parameter bias_v, Tensor targets_n, double scale,
        ref (Tensor LogLikelihood, Mixture Gradient)? result)
    {
        if (HasKernel(mixture))
        {
            (Tensor logLikelihood_n, Tensor gradContexts_nk_d, Tensor gradLogPriors_n_k) = s_backpropagate.Call3(
                mixture.Contexts, mixture.LogPriors, weight_v_d, bias_v, targets_n, scale, IsSigSoftmax(mixture),
                mixture.Precision == Precision.BFloat16, Logits(mixture, bias_v), Gradient(weight_v_d), Gradient(bias_v));
            result = (logLikelihood_n, new(gradContexts_nk_d, mixture.LogPriors is null ? null : gradLogPriors_n_k));
        }
    }

    // In bfloat16 the gradient by the logits stands beside those in work, where there is room for two mixtures.
    private Tensor Logits(Mixture mixture, Tensor bias_v) =>
        Workspace(mixture, bias_v, valuesPerMixture: mixture.Experts * bias_v.shape[0], least: 2).Buffer;

    private static bool HasKernel(Mixture mixture) =>
        mixture.Contexts.dtype == ScalarType.Float32 && mixture.Contexts.device_type == DeviceType.CPU
        && mixture.Gates is null;

    private static bool IsSigSoftmax(Mixture mixture) => mixture.Activation == OutputActivation.SigSoftmax;
}
