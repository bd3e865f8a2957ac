using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>
/// From mixtures to what is asked of the true words. A log-likelihood alone needs no distribution over the vocabulary; where one is
/// needed it is built for a block of places, read off, and let go.
/// </summary>
internal sealed class PlaceScorer : IDisposable
{
    private readonly MixtureCrossEntropy _loss = new();

    /// <summary>Fills <paramref name="scores"/> from place <paramref name="start"/> on.</summary>
    public void Score(LanguageModelNetwork network, Mixture mixture, Tensor targets_n, SequenceScores scores, int start)
    {
        if (!scores.Detail.NeedsDistribution)
        {
            LikelyExperts? likely = LikelyExperts.Find(mixture, scores.Detail.SkippedPrior);
            Tensor logLikelihood_n = likely?.LogLikelihood(_loss, network.Embedding, network.DecoderBias, targets_n)
                ?? _loss.LogLikelihood(mixture, network.Embedding, network.DecoderBias, targets_n);
            Copy<float>(logLikelihood_n, scores.LogLikelihoods, start);
            ReadExperts(likely, mixture, scores, start);
            return;
        }

        new ChunkedPass(MixtureDistribution.RowsPerBlock(network.Embedding)).Run(mixture.Count, (done, count) =>
        {
            using DisposeScope scope = NewDisposeScope();
            Mixture rows = mixture.Rows(done, count);
            LikelyExperts? likely = LikelyExperts.Find(rows, scores.Detail.SkippedPrior);
            Tensor logP_n_v = MixtureDistribution.LogProbabilities(
                likely?.ToMixture() ?? rows, network.Embedding, network.DecoderBias);
            ReadExperts(likely, rows, scores, start + (int)done);
            Read(logP_n_v, targets_n.narrow(0, done, count), scores, start + (int)done);
        });
    }

    public void Dispose() => _loss.Dispose();

    private static void ReadExperts(LikelyExperts? likely, Mixture mixture, SequenceScores scores, int start)
    {
        if (scores.Detail.Experts && likely is not null)
        {
            Copy<int>(likely.Kept, scores.Experts, start);
            Copy<float>(likely.SkippedPriors, scores.SkippedPriors, start);
        }
        else if (scores.Detail.Experts)
        {
            Array.Fill(scores.Experts, mixture.Experts, start, (int)mixture.Count);
        }
    }

    private static void Read(Tensor logP_n_v, Tensor targets_n, SequenceScores scores, int start)
    {
        Tensor true_n_1 = logP_n_v.gather(1, targets_n.unsqueeze(1));
        Copy<float>(true_n_1.flatten(), scores.LogLikelihoods, start);
        if (scores.Detail.Ranks)
        {
            Copy<int>(logP_n_v.gt(true_n_1).sum(dim: 1).add_(1), scores.Ranks, start);
        }

        if (scores.Detail.TopCount is > 0 and int k)
        {
            (Tensor best_n_k, Tensor words_n_k) = logP_n_v.topk(k, dim: 1);
            Copy<int>(words_n_k.flatten(), scores.TopWords, start * k);
            Copy<float>(best_n_k.flatten(), scores.TopLogLikelihoods, start * k);
        }
    }

    private static void Copy<T>(Tensor values, T[] to, int start) where T : unmanaged =>
        values.to(typeof(T) == typeof(int) ? ScalarType.Int32 : ScalarType.Float32).cpu().data<T>().CopyTo(to, start);
}
