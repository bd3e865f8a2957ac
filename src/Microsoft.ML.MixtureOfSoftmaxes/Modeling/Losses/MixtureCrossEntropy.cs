using Microsoft.ML.MixtureOfSoftmaxes.Modeling.Heads;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling.Losses;

/// <summary>
/// The exact log-likelihood of mixtures of softmaxes and its gradient, in log space and in one pass over chunks of rows, with
/// nothing of size N K V: the logits of a chunk become their own gradient in the same buffer.
/// </summary>
/// <remarks>
/// z[n,k,v] = h[n,k] . w[v] + b[v]; log p[n] = logsumexp_k(log pi[n,k] + z[n,k,y] - logsumexp_v z[n,k,v]).
/// With the responsibility r[n,k], the share of expert k in p[n]: d(-log p)/dz[n,k,v] = r[n,k] (softmax_v z - [v = y]) and
/// d(-log p)/d log pi[n,k] = -r[n,k]. With sigsoftmax f(z) stands for z, and the gradient takes the factor f'(z).
/// </remarks>
/// <param name="chunkBytes">Bytes of logits in work at a time; a chunk holds at least one mixture.</param>
/// <param name="useNative">Whether a native kernel does it where there is one.</param>
internal sealed partial class MixtureCrossEntropy(
    long chunkBytes = MixtureCrossEntropy.DefaultChunkBytes, bool useNative = true) : IDisposable
{
    // Large enough for efficient products, small enough to stay in memory that is in use.
    private const long DefaultChunkBytes = 32L << 20;

    private Tensor? _buffer;

    /// <summary>log p[n], [N]; no gradient is recorded.</summary>
    /// <param name="mixture">N mixtures.</param>
    /// <param name="weight_v_d">The decoder w.</param>
    /// <param name="bias_v">The decoder's bias b.</param>
    /// <param name="targets_n">The true next words y, int64.</param>
    public Tensor LogLikelihood(Mixture mixture, Tensor weight_v_d, Tensor bias_v, Tensor targets_n)
    {
        using IDisposable noGrad = no_grad();
        Tensor? native = null;
        if (useNative)
        {
            NativeLogLikelihood(mixture, weight_v_d, bias_v, targets_n, ref native);
        }

        if (native is not null)
        {
            return native;
        }

        Tensor logLikelihood_n = mixture.Contexts.new_empty(mixture.Count);
        var products = new Products(mixture.Precision);
        Tensor factor_v_d = products.Factor(weight_v_d);
        foreach (Chunk chunk in Chunks(mixture, factor_v_d, bias_v, targets_n))
        {
            using DisposeScope scope = NewDisposeScope();
            Forward forward = chunk.Run(products);
            chunk.Of(logLikelihood_n).copy_(forward.LogLikelihood);
        }

        return logLikelihood_n;
    }

    /// <summary>
    /// log p[n], [N], and the gradients of <paramref name="scale"/> * sum_n -log p[n]: those by the decoder are added to its
    /// parameters' <c>grad</c>, those by the mixture are returned, for <c>autograd.backward</c> to carry on.
    /// </summary>
    public (Tensor LogLikelihood, Tensor Contexts, Tensor? LogPriors) Backpropagate(
        Mixture mixture, Parameter weight_v_d, Parameter bias_v, Tensor targets_n, double scale)
    {
        using IDisposable noGrad = no_grad();
        (Tensor, Tensor, Tensor?)? native = null;
        if (useNative)
        {
            NativeBackpropagate(mixture, weight_v_d, bias_v, targets_n, scale, ref native);
        }

        if (native is not null)
        {
            return native.Value;
        }

        Tensor logLikelihood_n = mixture.Contexts.new_empty(mixture.Count);
        Tensor gradContexts_nk_d = empty_like(mixture.Contexts);
        Tensor? gradLogPriors_n_k = mixture.LogPriors is null ? null : empty_like(mixture.LogPriors);
        Tensor gradWeight_v_d = Gradient(weight_v_d);
        Tensor gradBias_v = Gradient(bias_v);
        var products = new Products(mixture.Precision);
        Tensor factor_v_d = products.Factor(weight_v_d);
        foreach (Chunk chunk in Chunks(mixture, factor_v_d, bias_v, targets_n))
        {
            using DisposeScope scope = NewDisposeScope();
            Forward forward = chunk.Run(products);
            chunk.Of(logLikelihood_n).copy_(forward.LogLikelihood);
            Tensor share_r_1 = forward.Responsibilities.mul_(scale).view(-1, 1);
            Tensor gradLogits_r_v = forward.Exponentials.mul_(share_r_1 / forward.Sums);
            gradLogits_r_v.scatter_add_(1, chunk.Targets, -share_r_1);
            if (forward.LogSigmoids is not null)
            {
                gradLogits_r_v.mul_(SigSoftmax.Derivative(forward.LogSigmoids));
            }

            Tensor factor_r_v = products.Factor(gradLogits_r_v);
            products.Set(chunk.RowsOf(gradContexts_nk_d), factor_r_v, factor_v_d);
            products.Add(gradWeight_v_d, factor_r_v.t(), products.Factor(chunk.Contexts));
            gradBias_v.add_(gradLogits_r_v.sum(dim: 0));
            if (gradLogPriors_n_k is not null)
            {
                chunk.Of(gradLogPriors_n_k).copy_(share_r_1.view(-1, mixture.Experts)).neg_();
            }
        }

        return (logLikelihood_n, gradContexts_nk_d, gradLogPriors_n_k);
    }

    /// <summary>
    /// log p[n], [N]; the gradients of <paramref name="scale"/> * sum_n -log p[n], and of what else there is to be lowered, are added to
    /// the <c>grad</c> of every parameter.
    /// </summary>
    /// <param name="mixture">N mixtures, with the graph that made them.</param>
    /// <param name="weight_v_d">The decoder w.</param>
    /// <param name="bias_v">The decoder's bias b.</param>
    /// <param name="targets_n">The true next words y, int64.</param>
    /// <param name="scale">What the sum is multiplied by.</param>
    /// <param name="regularizer">A scalar to be lowered as well.</param>
    public Tensor Backward(
        Mixture mixture, Parameter weight_v_d, Parameter bias_v, Tensor targets_n, double scale, Tensor? regularizer = null)
    {
        (Tensor logLikelihood_n, Tensor gradContexts, Tensor? gradLogPriors) =
            Backpropagate(mixture, weight_v_d, bias_v, targets_n, scale);
        List<Tensor> outputs = [mixture.Contexts];
        List<Tensor> gradients = [gradContexts];
        if (gradLogPriors is not null)
        {
            outputs.Add(mixture.LogPriors!);
            gradients.Add(gradLogPriors);
        }

        if (regularizer is not null)
        {
            outputs.Add(regularizer);
            gradients.Add(ones_like(regularizer));
        }

        autograd.backward(outputs, gradients);
        return logLikelihood_n;
    }

    public void Dispose() => _buffer?.Dispose();

    // A native kernel answers where there is one for the type and device of the tensors; without one these calls vanish.
    partial void NativeLogLikelihood(Mixture mixture, Tensor weight_v_d, Tensor bias_v, Tensor targets_n, ref Tensor? result);

    partial void NativeBackpropagate(
        Mixture mixture, Parameter weight_v_d, Parameter bias_v, Tensor targets_n, double scale,
        ref (Tensor LogLikelihood, Tensor Contexts, Tensor? LogPriors)? result);

    private static Tensor Gradient(Parameter parameter)
    {
        if (parameter.grad is null)
        {
            using Tensor zeros = zeros_like(parameter);
            parameter.grad = zeros;
        }

        return parameter.grad!;
    }

    private IEnumerable<Chunk> Chunks(Mixture mixture, Tensor factor_v_d, Tensor bias_v, Tensor targets_n)
    {
        (long perChunk, Tensor buffer) = Workspace(mixture, bias_v);
        for (long start = 0; start < mixture.Count; start += perChunk)
        {
            yield return new(mixture, factor_v_d, bias_v, targets_n, buffer, start, Math.Min(perChunk, mixture.Count - start));
        }
    }

    /// <summary>How many mixtures are in work at a time, and room for their logits.</summary>
    private (long PerChunk, Tensor Buffer) Workspace(Mixture mixture, Tensor bias_v)
    {
        long rowBytes = bias_v.shape[0] * bias_v.element_size();
        int matrices = mixture.Activation == OutputActivation.Softmax ? 1 : 2;
        long perChunk = Math.Clamp(chunkBytes / (matrices * rowBytes * mixture.Experts), 1, mixture.Count);
        return (perChunk, Buffer(bias_v, perChunk * mixture.Experts));
    }

    // Fresh large memory costs more than the arithmetic on it, so one buffer serves all chunks of all steps.
    private Tensor Buffer(Tensor like_v, long rows)
    {
        long size = rows * like_v.shape[0];
        if (_buffer is null || _buffer.numel() < size || _buffer.dtype != like_v.dtype)
        {
            _buffer?.Dispose();
            _buffer = like_v.new_empty(size).DetachFromDisposeScope();
        }

        return _buffer.narrow(0, 0, size);
    }

    /// <param name="LogLikelihood">log p, [n].</param>
    /// <param name="Responsibilities">r, [n, K].</param>
    /// <param name="Exponentials">exp(z - max z), [n K, V], in the buffer.</param>
    /// <param name="Sums">Their sums over v, [n K, 1].</param>
    /// <param name="LogSigmoids">With sigsoftmax: log sigmoid(z), [n K, V].</param>
    private readonly record struct Forward(
        Tensor LogLikelihood, Tensor Responsibilities, Tensor Exponentials, Tensor Sums, Tensor? LogSigmoids);

    private sealed class Chunk(
        Mixture mixture, Tensor factor_v_d, Tensor bias_v, Tensor targets_n, Tensor buffer, long start, long count)
    {
        private readonly int _experts = mixture.Experts;

        public Tensor Contexts => RowsOf(mixture.Contexts);

        /// <summary>y of every row, [n K, 1].</summary>
        public Tensor Targets => Of(targets_n).unsqueeze(1).expand(count, _experts).reshape(-1, 1);

        public Tensor Of(Tensor x_n) => x_n.narrow(0, start, count);

        public Tensor RowsOf(Tensor x_nk) => x_nk.narrow(0, start * _experts, count * _experts);

        public Forward Run(Products products)
        {
            long rows = count * _experts, vocabulary = bias_v.shape[0];
            Tensor z_r_v = buffer.narrow(0, 0, rows * vocabulary).view(rows, vocabulary);
            z_r_v.copy_(bias_v);
            products.Add(z_r_v, products.Factor(Contexts), factor_v_d.t());
            Tensor? logSigmoids_r_v = mixture.Activation == OutputActivation.SigSoftmax ? SigSoftmax.Apply(z_r_v) : null;
            Tensor target_r_1 = z_r_v.gather(1, Targets);
            Tensor max_r_1 = z_r_v.amax([1], keepdim: true);
            z_r_v.sub_(max_r_1).exp_();
            Tensor sum_r_1 = z_r_v.sum(1, keepdim: true);
            Tensor joint_n_k = (target_r_1 - max_r_1 - sum_r_1.log()).view(count, _experts);
            if (mixture.LogPriors is not null)
            {
                joint_n_k = joint_n_k + Of(mixture.LogPriors);
            }

            Tensor logLikelihood_n = joint_n_k.logsumexp(1);
            return new(logLikelihood_n, (joint_n_k - logLikelihood_n.unsqueeze(1)).exp_(), z_r_v, sum_r_1, logSigmoids_r_v);
        }
    }
}
