using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Analysis;

/// <summary>Adds up the priors of contexts, sorted, and how many experts they need.</summary>
internal sealed class PriorMeter
{
    private static readonly double[] s_shares = [0.001, 0.01, 0.05, 0.1];

    private readonly long[] _needed = new long[s_shares.Length];
    private readonly int[] _most = new int[s_shares.Length];
    private double[] _sorted = [];
    private long _contexts;

    /// <summary>Null before any mixture of several experts.</summary>
    public ExpertPriors? Result => _contexts == 0
        ? null
        : new(
            [.. _sorted.Select(sum => sum / _contexts)],
            [.. s_shares.Select((share, i) => new ExpertsNeeded(share, (double)_needed[i] / _contexts, _most[i]))]);

    /// <param name="mixture">Mixtures after any number of contexts, always of as many experts.</param>
    public void Add(Mixture mixture)
    {
        if (mixture.LogPriors is null || mixture.Experts == 1)
        {
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        (Tensor sorted_n_k, _) = mixture.LogPriors.exp().sort(dim: 1, descending: true);
        double[] sums = sorted_n_k.to(ScalarType.Float64).sum(dim: 0).cpu().data<double>().ToArray();
        _sorted = _sorted.Length == 0 ? sums : [.. _sorted.Zip(sums, (a, b) => a + b)];
        for (int i = 0; i < s_shares.Length; i++)
        {
            Tensor kept_n = LikelyExperts.Find(mixture, s_shares[i])!.Kept;
            _needed[i] += kept_n.sum().item<long>();
            _most[i] = Math.Max(_most[i], (int)kept_n.max().item<long>());
        }

        _contexts += mixture.Count;
    }
}
