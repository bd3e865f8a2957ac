using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Training;

/// <summary>
/// What is minimised beside the cross-entropy. Every term is a mean over columns, so that it is the same however the columns of a batch are shared
/// by passes and ranks.
/// </summary>
internal static class Regularizers
{
    /// <summary>Their weighted sum over the columns of a pass, a scalar; null for none.</summary>
    /// <param name="encoding">The pass.</param>
    /// <param name="options">The weights.</param>
    /// <param name="share">The pass's share of the batch's columns.</param>
    public static Tensor? Of(LanguageModelNetwork.Encoding encoding, MixtureOfSoftmaxesTrainer.Options options, double share)
    {
        List<Tensor> terms = [];
        if (options.ActivationRegularization > 0)
        {
            terms.Add(encoding.Dropped.square().mean() * (options.ActivationRegularization * share));
        }

        long steps = encoding.Raw.shape[0];
        if (options.TemporalActivationRegularization > 0 && steps > 1)
        {
            Tensor difference = encoding.Raw.narrow(0, 1, steps - 1) - encoding.Raw.narrow(0, 0, steps - 1);
            terms.Add(difference.square().mean() * (options.TemporalActivationRegularization * share));
        }

        if (options.Head == LanguageModelHead.DirectOutputConnection && options.PriorRegularization > 0)
        {
            terms.Add(PriorVariation(encoding) * (options.PriorRegularization * share));
        }

        return terms.Count == 0 ? null : stack(terms).sum();
    }

    /// <summary>
    /// How uneven the experts' priors are: of each column, the means of the priors over its time steps, and K times the squared coefficient of
    /// their variation; the mean over columns.
    /// </summary>
    private static Tensor PriorVariation(LanguageModelNetwork.Encoding encoding)
    {
        (long steps, long columns, long experts) = (encoding.Raw.shape[0], encoding.Raw.shape[1], encoding.Mixture.Experts);
        Tensor means_b_k = encoding.Mixture.LogPriors!.exp().view(steps, columns, experts).mean([0]);

        // The mean of the means is 1 / K.
        return (means_b_k * experts - 1).square().sum(1).mean();
    }
}
