using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// The exact log-likelihood of mixtures of softmaxes and its gradient, in log space and in one pass over chunks of rows, with
/// nothing of size N K V: the logits of a chunk become their own gradient in the same buffer.
/// </summary>
/// <remarks>
/// z[n,k,v] = h[n,k] . w[v] + b[v]; log p[n] = logsumexp_k(log pi[n,k] + z[n,k,y] - logsumexp_v z[n,k,v]).
/// With the responsibility r[n,k], the share of expert k in p[n]: d(-log p)/dz[n,k,v] = r[n,k] (softmax_v z - [v = y]) and
/// d(-log p)/d log pi[n,k] = -r[n,k]. With sigsoftmax, and with an increasing function of logits, f(z) stands for z, and the gradient
/// takes the factor f'(z).
/// </remarks>
/// <param name="chunkBytes">
/// Bytes of logits at a time, on a GPU or by tensor operations; null for what suits vocabulary and device; a chunk holds at least one mixture.
/// </param>
/// <param name="useKernels">Whether kernels are used where there are some; otherwise tensor operations everywhere.</param>
internal sealed class MixtureCrossEntropy(long? chunkBytes = null, bool useKernels = true) : IDisposable
{
    private readonly MixtureKernel _kernel = new();
    private readonly LogitMemory _memory = new(chunkBytes);
    private readonly KeptTensor _buffer = new();
    private CudaMixtureKernel? _cudaKernel;

    /// <summary>Whether there are kernels for a GPU, and where they came from or why there are none; null for a CPU.</summary>
    public static (bool Exist, string How)? KernelsOf(Device device) => device.type == DeviceType.CUDA
        ? (CudaModule.Of(device.index) is not null, CudaModule.How(device.index))
        : null;

    /// <summary>log p[n], [N]; no gradient is recorded.</summary>
    /// <param name="mixture">N mixtures.</param>
    /// <param name="weight_v_d">The decoder w.</param>
    /// <param name="bias_v">The decoder's bias b.</param>
    /// <param name="targets_n">The true next words y, int64.</param>
    public Tensor LogLikelihood(Mixture mixture, Tensor weight_v_d, Tensor bias_v, Tensor targets_n)
    {
        CheckTargets(targets_n, weight_v_d.shape[0]);
        return RunKernel(mixture, weight_v_d, bias_v, targets_n, scale: 0, gradient: null)
            ?? Run(mixture, weight_v_d, bias_v, targets_n, visit: null);
    }

    /// <summary>
    /// log p[n], [N], and the gradients of <paramref name="scale"/> * sum_n -log p[n]: those with respect to the decoder are added to its
    /// parameters' <c>grad</c>, those with respect to the mixture's tensors are returned in their places, for <c>autograd.backward</c> to
    /// carry on.
    /// </summary>
    public (Tensor LogLikelihood, Mixture Gradient) LogLikelihoodAndGradient(
        Mixture mixture, Parameter weight_v_d, Parameter bias_v, Tensor targets_n, double scale)
    {
        CheckTargets(targets_n, weight_v_d.shape[0]);
        using IDisposable noGrad = no_grad();
        Mixture gradient = mixture.NewGradient();
        Tensor gradWeight_v_d = Gradient(weight_v_d);
        Tensor gradBias_v = Gradient(bias_v);
        Tensor logLikelihood_n = RunKernel(mixture, weight_v_d, bias_v, targets_n, scale, (gradient, gradWeight_v_d, gradBias_v))
            ?? Run(
                mixture, weight_v_d, bias_v, targets_n,
                (chunk, start, count, pass) => chunk.AddGradients(
                    scale, gradient.Rows(start, count), gradWeight_v_d, gradBias_v, pass.BeginAdding));
        return (logLikelihood_n, gradient);
    }

    /// <summary>
    /// log p[n], [N]; the gradients of <paramref name="scale"/> * sum_n -log p[n], and of what else is to be minimised, are added to
    /// the <c>grad</c> of every parameter.
    /// </summary>
    /// <param name="mixture">N mixtures, with the graph that made them.</param>
    /// <param name="weight_v_d">The decoder w.</param>
    /// <param name="bias_v">The decoder's bias b.</param>
    /// <param name="targets_n">The true next words y, int64.</param>
    /// <param name="scale">What the sum is multiplied by.</param>
    /// <param name="regularizer">A scalar to be minimised as well.</param>
    public Tensor Backward(
        Mixture mixture, Parameter weight_v_d, Parameter bias_v, Tensor targets_n, double scale, Tensor? regularizer = null)
    {
        (Tensor logLikelihood_n, Mixture gradient) = LogLikelihoodAndGradient(mixture, weight_v_d, bias_v, targets_n, scale);
        List<Tensor> outputs = [.. mixture.Tensors];
        List<Tensor> gradients = [.. gradient.Tensors];
        if (regularizer is not null)
        {
            outputs.Add(regularizer);
            gradients.Add(ones_like(regularizer));
        }

        BackwardError.Backward(outputs, gradients);
        return logLikelihood_n;
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _kernel.Dispose();
        _cudaKernel?.Dispose();
    }

    private static Tensor Gradient(Parameter parameter)
    {
        if (parameter.grad is null)
        {
            using Tensor zeros = zeros_like(parameter);
            parameter.grad = zeros;
        }

        return parameter.grad!;
    }

    /// <summary>On the CPU, where looking costs nothing; a GPU says so itself, later.</summary>
    private static void CheckTargets(Tensor targets_n, long words)
    {
        if (targets_n.device_type != DeviceType.CPU)
        {
            return;
        }

        foreach (long target in targets_n.data<long>())
        {
            if (target < 0 || target >= words)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(targets_n), target, $"A target has to be a word of the vocabulary, from 0 to {words - 1}.");
            }
        }
    }

    /// <summary>Null where there is no kernel.</summary>
    private Tensor? RunKernel(
        Mixture mixture, Tensor weight_v_d, Tensor bias_v, Tensor targets_n, double scale,
        (Mixture Mixture, Tensor Weight_v_d, Tensor Bias_v)? gradient)
    {
        bool isOnCpu = mixture.HasKernel(weight_v_d);
        if (!useKernels || !(isOnCpu || HasCudaKernel(mixture, weight_v_d)))
        {
            return null;
        }

        using DisposeScope scope = NewDisposeScope();
        MixtureGradients? gradients = gradient?.Mixture.ToKernelGradients(gradient.Value.Weight_v_d, gradient.Value.Bias_v);
        MixtureInputs inputs = mixture.ToKernel(weight_v_d, bias_v);
        if (isOnCpu)
        {
            return scope.MoveToOuter(_kernel.Run(inputs, targets_n.contiguous(), scale, gradients));
        }

        ChunkedPass pass = _memory.Pass(weight_v_d.device, mixture.Count, CudaMixtureKernel.BytesPerToken(inputs));
        Tensor logLikelihood_n = _cudaKernel!.Run(inputs, targets_n.contiguous(), scale, gradients, pass);
        _memory.Remember(pass);
        return scope.MoveToOuter(logLikelihood_n);
    }

    /// <summary>
    /// On a GPU for which kernels could be compiled, for float32 parameters; functions of logits and partitions of the vocabulary have none.
    /// </summary>
    private bool HasCudaKernel(Mixture mixture, Tensor weight_v_d)
    {
        if (weight_v_d.device_type == DeviceType.CUDA && weight_v_d.dtype == ScalarType.Float32 && mixture.Increase is null && mixture.Partitions == 1
            && !(mixture.Gates?.Experts > CudaGatedLogits.MaxExperts) && CudaModule.Of(weight_v_d.device_index) is CudaModule module)
        {
            _cudaKernel ??= new(module);
            return true;
        }

        return false;
    }

    /// <summary>log p[n], [N], chunk by chunk; each is visited with its first mixture and their number before it is let go.</summary>
    private Tensor Run(
        Mixture mixture, Tensor weight_v_d, Tensor bias_v, Tensor targets_n, Action<MixtureChunk, long, long, ChunkedPass>? visit)
    {
        using IDisposable noGrad = no_grad();
        long vocabulary = bias_v.shape[0];
        long size = bias_v.element_size();
        ChunkedPass pass = _memory.Pass(bias_v.device, mixture.Count, ValuesPerMixture(mixture, vocabulary) * size, vocabulary * size);
        var products = new Products(mixture.Precision);
        Tensor factor_v_d = products.Factor(weight_v_d);
        Tensor logLikelihood_n = mixture.Contexts.new_empty(mixture.Count);
        pass.Run(mixture.Count, Visit, _buffer.Dispose);
        _memory.Remember(pass);
        return logLikelihood_n;

        void Visit(long start, long count)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor buffer = _buffer.TakeOn(bias_v.device, bias_v.dtype, Math.Min(pass.Size, mixture.Count) * mixture.Experts * vocabulary);
            var chunk = new MixtureChunk(
                mixture.Rows(start, count), factor_v_d, bias_v, targets_n.narrow(0, start, count), buffer, products);
            logLikelihood_n.narrow(0, start, count).copy_(chunk.LogLikelihood);
            visit?.Invoke(chunk, start, count, pass);
        }
    }

    /// <summary>How many values of one mixture are in memory at a time, approximately.</summary>
    private static long ValuesPerMixture(Mixture mixture, long vocabulary)
    {
        // Sigsoftmax keeps log sigmoids beside the logits; a function of logits keeps the pieces they are on, integers of 64 bits, and how far they
        // are on them, and sums each row by pieces; gates keep logits, gates, what each of their levels mixes, and the gradients.
        long logits = mixture.Experts * vocabulary * (mixture.Activation == OutputActivation.SigSoftmax ? 2 : 1);
        logits += mixture.Increase is null ? 0 : mixture.Experts * ((5 * vocabulary) + (2 * mixture.Increase.Pieces));
        return logits + (mixture.Gates is null ? 0 : 8 * mixture.Gates.Experts * mixture.Gates.Words);
    }
}
