using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// One chunk of the pass that <see cref="MixtureCrossEntropy"/> makes, as tensor operations: n mixtures, that is r = n K rows of logits,
/// forward; and back if asked for. It runs where there is no kernel, and is what kernels are held to.
/// </summary>
internal sealed class MixtureChunk
{
    private readonly Mixture _mixture;
    private readonly WordPartitions _partitions;
    private readonly Tensor _factor_v_d;
    private readonly Products _products;
    private readonly Tensor _targets_r_1;
    private readonly GatedLogits? _gated;
    private readonly MonotonicLogits? _monotonic;
    private readonly Tensor? _logSigmoids_r_v;
    private readonly Tensor _exponentials_r_v;
    private readonly Tensor _sums_r_1;
    private readonly Tensor _responsibilities_n_k;

    public MixtureChunk(Mixture mixture, Tensor factor_v_d, Tensor bias_v, Tensor targets_n, Tensor buffer, Products products)
    {
        (_mixture, _factor_v_d, _products) = (mixture, factor_v_d, products);
        long rows = mixture.Count * mixture.Experts, vocabulary = bias_v.shape[0];
        _partitions = new(mixture.Partitions, vocabulary);
        _targets_r_1 = _partitions.Places(targets_n).unsqueeze(1).expand(mixture.Count, mixture.Experts).reshape(-1, 1);
        Tensor z_r_v = buffer.narrow(0, 0, rows * vocabulary).view(rows, vocabulary);
        z_r_v.copy_(_partitions.Arrange(bias_v));
        foreach (int j in _partitions.Each)
        {
            products.Add(OfPartition(z_r_v, j), products.Factor(mixture.ContextsOf(j)), _partitions.Of(factor_v_d, j).t());
        }

        if (mixture.Gates is not null)
        {
            _gated = new GatedLogits(mixture.Gates, factor_v_d, products);
            _gated.CopyTo(z_r_v, bias_v);
        }

        _monotonic = mixture.Increase is null ? null : new MonotonicLogits(mixture.Increase, z_r_v);
        _logSigmoids_r_v = mixture.Activation == OutputActivation.SigSoftmax ? SigSoftmax.Apply(z_r_v) : null;
        Tensor target_r_1 = z_r_v.gather(1, _targets_r_1);
        Tensor max_r_1 = z_r_v.amax([1], keepdim: true);
        _exponentials_r_v = z_r_v.sub_(max_r_1).exp_();
        _sums_r_1 = z_r_v.sum(1, keepdim: true);
        Tensor joint_n_k = (target_r_1 - max_r_1 - _sums_r_1.log()).view(mixture.Count, mixture.Experts);
        if (mixture.LogPriors is not null)
        {
            joint_n_k = joint_n_k + mixture.LogPriors;
        }

        LogLikelihood = joint_n_k.logsumexp(1);
        _responsibilities_n_k = (joint_n_k - LogLikelihood.unsqueeze(1)).exp_();
    }

    /// <summary>log p, [n].</summary>
    public Tensor LogLikelihood { get; }

    /// <summary>
    /// The gradients of <paramref name="scale"/> * sum_n -log p[n]: that with respect to the mixture is put into
    /// <paramref name="gradient"/>, those with respect to the decoder are added. It uses the logits up. What adds comes last, as far as it can.
    /// </summary>
    /// <param name="scale">What the sum is multiplied by.</param>
    /// <param name="gradient">That with respect to the mixture.</param>
    /// <param name="gradWeight_v_d">That with respect to the decoder.</param>
    /// <param name="gradBias_v">That with respect to its bias.</param>
    /// <param name="beginAdding">Called before the first is added.</param>
    public void AddGradients(double scale, Mixture gradient, Tensor gradWeight_v_d, Tensor gradBias_v, Action beginAdding)
    {
        Tensor share_r_1 = _responsibilities_n_k.mul_(scale).view(-1, 1);
        Tensor gradLogits_r_v = _exponentials_r_v.mul_(share_r_1 / _sums_r_1);
        gradLogits_r_v.scatter_add_(1, _targets_r_1, -share_r_1);
        if (_logSigmoids_r_v is not null)
        {
            gradLogits_r_v.mul_(SigSoftmax.Derivative(_logSigmoids_r_v));
        }

        Tensor? slopes_m = _monotonic?.TakeBack(gradLogits_r_v);
        Tensor biases_v = gradLogits_r_v.sum(dim: 0);
        if (_gated is not null)
        {
            beginAdding();
            _gated.AddGradients(gradLogits_r_v, gradient.Gates!, gradWeight_v_d);
        }

        Tensor factor_r_v = _products.Factor(gradLogits_r_v);
        foreach (int j in _partitions.Each)
        {
            _products.Set(gradient.ContextsOf(j), OfPartition(factor_r_v, j), _partitions.Of(_factor_v_d, j));
        }

        beginAdding();
        gradient.Increase?.Slopes.add_(slopes_m!);
        _partitions.AddRestored(gradBias_v, biases_v);
        foreach (int j in _partitions.Each)
        {
            Tensor factor_r_p = OfPartition(factor_r_v, j);
            _products.Add(_partitions.Of(gradWeight_v_d, j), factor_r_p.t(), _products.Factor(_mixture.ContextsOf(j)));
        }

        gradient.LogPriors?.copy_(share_r_1.view(-1, _mixture.Experts)).neg_();
    }

    /// <summary>The columns of a partition's words; the logits of a chunk stand in the order of partitions.</summary>
    private Tensor OfPartition(Tensor x_r_v, int partition) => x_r_v.narrow(1, _partitions.Start(partition), _partitions.Size(partition));
}
