using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Modeling;

/// <summary>
/// What every head comes down to: N mixtures of K softmaxes over the shared decoder. A head without a mixture after the softmax
/// has K = 1.
/// </summary>
/// <param name="Contexts">
/// h[n,k], row n K + k of [N K, d]; or with contexts for each of J <see cref="WordPartitions"/> of the vocabulary h[j,n,k], [J, N K, d].
/// </param>
/// <param name="LogPriors">log pi[n,k], [N, K]; null when K = 1.</param>
/// <param name="Precision">The precision of the products with the decoder.</param>
/// <param name="Activation">The function of each logit that is normalised.</param>
/// <param name="Gates">What makes the logits of the first words in the place of the contexts; null where nothing does. K is 1 with it.</param>
/// <param name="Increase">The increasing function of each logit before that; null where there is none. It has no kernels.</param>
internal readonly record struct Mixture(
    Tensor Contexts, Tensor? LogPriors, Precision Precision = Precision.Float32, OutputActivation Activation = OutputActivation.Softmax,
    WordGates? Gates = null, PiecewiseLinear? Increase = null)
{
    public int Experts => (int)(LogPriors?.shape[1] ?? 1);

    public long Count => Contexts.shape[^2] / Experts;

    /// <summary>J.</summary>
    public int Partitions => Contexts.dim() == 2 ? 1 : (int)Contexts.shape[0];

    /// <summary>The contexts for the words of one partition, [N K, d].</summary>
    public Tensor ContextsOf(int partition) => Contexts.dim() == 2 ? Contexts : Contexts.select(0, partition);

    /// <summary>Whatever has a gradient.</summary>
    public IEnumerable<Tensor> Tensors =>
        [Contexts, .. Given(LogPriors), .. Gates?.Tensors ?? [], .. Given(Increase?.Slopes)];

    /// <summary>The <paramref name="count"/> mixtures from <paramref name="start"/> on, as views.</summary>
    public Mixture Rows(long start, long count) => this with
    {
        Contexts = Contexts.narrow(-2, start * Experts, count * Experts),
        LogPriors = LogPriors?.narrow(0, start, count),
        Gates = Gates?.Rows(start, count),
    };

    /// <summary>Whether kernels are faster: in float32, on a CPU that has vectors.</summary>
    public bool HasKernel(Tensor weight_v_d) =>
        Increase is null && SimdWidth.IsSupported && weight_v_d.device_type == DeviceType.CPU && weight_v_d.dtype == ScalarType.Float32;

    /// <summary>The same for a kernel, which takes tensors that are contiguous and have no graph.</summary>
    public MixtureInputs ToKernel(Tensor weight_v_d, Tensor bias_v) => new(
        Contexts.detach().contiguous(), LogPriors?.detach().contiguous(), weight_v_d.detach(), bias_v.detach(),
        Precision == Precision.BFloat16, Activation == OutputActivation.SigSoftmax,
        Gates?.ToKernel());

    /// <summary>Where a kernel puts gradients, in the tensors of <see cref="NewGradient"/>; those with respect to the decoder it adds.</summary>
    public MixtureGradients ToKernelGradients(Tensor gradWeight_v_d, Tensor gradBias_v) =>
        new(Contexts, LogPriors, gradWeight_v_d, gradBias_v, Gates?.ToKernel());

    /// <summary>Room for the gradient with respect to each of the tensors.</summary>
    public Mixture NewGradient() => this with
    {
        Contexts = Contexts.new_empty(Contexts.shape),
        LogPriors = LogPriors?.new_empty(LogPriors.shape),
        Gates = Gates?.NewGradient(),
        Increase = Increase?.NewGradient(),
    };

    private static Tensor[] Given(Tensor? tensor) => tensor is null ? [] : [tensor];
}
