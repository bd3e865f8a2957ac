using Microsoft.ML.MixtureOfSoftmaxes;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks.Workloads;

/// <summary>
/// The baseline: a mixture of softmaxes as its authors' code computes it, with a tensor of every expert's distribution and the
/// backward pass left to autograd. It leaves out the 1e-8 that they add to probabilities, and frees tensors as early as possible. In
/// bfloat16 everything from the product with the decoder to the logarithm is bfloat16, as PyTorch's autocast makes it.
/// </summary>
internal static class PlainMixture
{
    /// <summary>log p(target), [N].</summary>
    public static Tensor LogLikelihood(Mixture mixture, Tensor weight_v_d, Tensor bias_v, Tensor targets_n)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor softmaxes_nk_v;
        ScalarType type = mixture.Precision == Precision.BFloat16 ? ScalarType.BFloat16 : weight_v_d.dtype;
        using (Tensor logits_nk_v = nn.functional.linear(mixture.Contexts.to(type), weight_v_d.to(type), bias_v.to(type)))
        {
            softmaxes_nk_v = logits_nk_v.softmax(1);
        }

        Tensor priors_n_k_1 = mixture.LogPriors!.exp().to(type).unsqueeze(2);
        Tensor probabilities_n_v;
        using (Tensor weighted_n_k_v = softmaxes_nk_v.view(mixture.Count, mixture.Experts, -1) * priors_n_k_1)
        {
            probabilities_n_v = weighted_n_k_v.sum(dim: 1);
        }

        return scope.MoveToOuter(probabilities_n_v.log().gather(1, targets_n.unsqueeze(1)).squeeze(1).to(weight_v_d.dtype));
    }
}
