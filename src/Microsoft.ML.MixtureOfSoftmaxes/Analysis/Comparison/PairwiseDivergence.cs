using Microsoft.ML.MixtureOfSoftmaxes.Interop;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>
/// The mean of KL(P(.|c) || P(.|c')) over all ordered pairs of different contexts, without going through the pairs: with the sums
/// over contexts s = sum_c P(.|c) and t = sum_c log P(.|c), the sum over pairs is N sum_c P(.|c) . log P(.|c) - s . t.
/// </summary>
internal static class PairwiseDivergence
{
    /// <param name="network">The model.</param>
    /// <param name="contexts">At least two.</param>
    /// <param name="report">Called with the number of contexts done so far.</param>
    /// <param name="cancellation">Checked between passes.</param>
    public static double Measure(LanguageModelNetwork network, ContextSample contexts, Action<long> report, Cancellation cancellation)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor probabilities_v = zeros(network.Shape.VocabularySize, ScalarType.Float64, network.Device);
        Tensor logs_v = zeros_like(probabilities_v);
        double negativeEntropies = 0;
        contexts.Visit(
            network,
            MixtureDistribution.RowsPerBlock(network.Embedding),
            (first, mixture) =>
            {
                Tensor logs_n_v = MixtureDistribution.LogProbabilities(mixture, network.Embedding, network.DecoderBias).to(ScalarType.Float64);
                Tensor probabilities_n_v = logs_n_v.exp();
                probabilities_v.add_(probabilities_n_v.sum(dim: 0));
                logs_v.add_(logs_n_v.sum(dim: 0));
                negativeEntropies += probabilities_n_v.mul_(logs_n_v).sum().item<double>();
                report(first + mixture.Count);
            },
            cancellation);
        double cross = probabilities_v.mul_(logs_v).sum().item<double>();
        return ((contexts.Count * negativeEntropies) - cross) / ((double)contexts.Count * (contexts.Count - 1));
    }
}
