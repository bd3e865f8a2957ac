using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// Mixtures without the experts of the smallest priors. Of each mixture those are left out whose priors together, smallest first, are at most a
/// given share; the priors of the others are normalised anew. The result is a distribution, and each of its probabilities is off by at most
/// that share: with s left out, p' - p = s p' - l, where l, what those experts had given, and s p' are both between 0 and s.
/// </summary>
internal sealed class LikelyExperts
{
    private readonly Mixture _mixture;
    private readonly Tensor _priors_n_k;
    private readonly Tensor _keeps_n_k;
    private readonly Tensor _logPriors_n_k;

    private LikelyExperts(Mixture mixture, Tensor logPriors_n_k, double share)
    {
        _mixture = mixture;
        _priors_n_k = logPriors_n_k.to(ScalarType.Float64).exp();
        (Tensor ascending_n_k, Tensor order_n_k) = _priors_n_k.sort(dim: 1);
        Tensor exceeds_n_k = ascending_n_k.cumsum(1).gt(share);
        exceeds_n_k.narrow(1, mixture.Experts - 1, 1).fill_(true); // the likeliest, whatever rounding makes of the sum
        _keeps_n_k = exceeds_n_k.gather(1, order_n_k.argsort(1));
        _logPriors_n_k = logPriors_n_k.masked_fill(_keeps_n_k.logical_not(), double.NegativeInfinity).log_softmax(1);
    }

    /// <summary>How many are kept of each mixture, [N].</summary>
    public Tensor Kept => _keeps_n_k.sum(dim: 1);

    /// <summary>What the priors of the others sum to, [N].</summary>
    public Tensor SkippedPriors => _priors_n_k.masked_fill(_keeps_n_k, 0).sum(dim: 1);

    /// <summary>Null where there is nothing to leave out: with a share of 0, and of mixtures of one expert.</summary>
    /// <param name="mixture">N mixtures.</param>
    /// <param name="share">The most that is left out.</param>
    public static LikelyExperts? Find(Mixture mixture, double share) =>
        share == 0 || mixture.LogPriors is null ? null : new(mixture, mixture.LogPriors, share);

    /// <summary>The mixtures of the experts that are kept.</summary>
    public static Mixture Of(Mixture mixture, double share) => Find(mixture, share)?.ToMixture() ?? mixture;

    /// <summary>log p[n], [N]: only the logits of experts that are kept are computed.</summary>
    public Tensor LogLikelihood(MixtureCrossEntropy loss, Tensor weight_v_d, Tensor bias_v, Tensor targets_n)
    {
        Tensor places_r_2 = _keeps_n_k.nonzero();
        Tensor tokens_r = places_r_2.select(1, 0);
        Tensor kept_r = (tokens_r * _mixture.Experts) + places_r_2.select(1, 1);
        Mixture single = _mixture with { Contexts = _mixture.Contexts.index_select(-2, kept_r), LogPriors = null };
        Tensor experts_r = loss.LogLikelihood(single, weight_v_d, bias_v, targets_n.index_select(0, tokens_r));
        Tensor experts_nk = experts_r.new_zeros(_mixture.Count * _mixture.Experts).index_copy_(0, kept_r, experts_r);
        return (experts_nk.view(_mixture.Count, _mixture.Experts) + _logPriors_n_k).logsumexp(1);
    }

    /// <summary>Mixtures of as many experts as are kept of any; the others of the rest have a log prior of -infinity.</summary>
    public Mixture ToMixture()
    {
        int experts = (int)_keeps_n_k.sum(dim: 1).max().item<long>();
        (Tensor logPriors_n_j, Tensor places_n_j) = _logPriors_n_k.topk(experts, dim: 1);
        Tensor starts_n_1 = arange(_mixture.Count, ScalarType.Int64, places_n_j.device).mul_(_mixture.Experts).unsqueeze(1);
        return _mixture with
        {
            Contexts = _mixture.Contexts.index_select(-2, (places_n_j + starts_n_1).flatten()),
            LogPriors = logPriors_n_j,
        };
    }
}
