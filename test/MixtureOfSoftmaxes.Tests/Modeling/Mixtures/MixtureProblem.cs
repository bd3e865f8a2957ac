using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Mixtures;

/// <summary>
/// Random inputs of the loss: contexts [N K, d], or with J partitions of the vocabulary [J, N K, d], normalised log priors [N, K], decoder [V, d]
/// and [V], targets [N].
/// </summary>
internal sealed class MixtureProblem
{
    private readonly ScalarType _type;
    private readonly double[]? _logPriors;
    private readonly OutputActivation _activation;

    public MixtureProblem(
        int n, int k, int d, int v, int seed, ScalarType type = ScalarType.Float64, bool hasPriors = true, bool isSigSoftmax = false,
        int partitions = 1)
    {
        (N, K, D, V, J, _type) = (n, k, d, v, partitions, type);
        _activation = isSigSoftmax ? OutputActivation.SigSoftmax : OutputActivation.Softmax;
        var random = new Random(seed);
        Contexts = Round(Numbers.Gaussian(random, (long)partitions * n * k * d));
        Weight = Round(Numbers.Gaussian(random, (long)v * d));
        Bias = Round(Numbers.Gaussian(random, v));
        Targets = Numbers.Ids(random, n, v);
        double[] gates = Numbers.Gaussian(random, (long)n * k, 2);
        _logPriors = hasPriors
            ? Round([.. gates.Select((gate, i) => gate - Numbers.LogSumExp(gates.AsSpan(i / k * k, k)))])
            : null;
    }

    public int N { get; }

    public int K { get; }

    public int D { get; }

    public int V { get; }

    public int J { get; }

    public double[] Contexts { get; }

    public double[] Weight { get; }

    public double[] Bias { get; }

    public int[] Targets { get; }

    /// <summary>Where the context is, among all, that row n K + k has for a word.</summary>
    public int Context(int row, int word) => ((word % J) * N * K) + row;

    public double LogPrior(int n, int k) => _logPriors?[(n * K) + k] ?? 0;

    /// <summary>
    /// z = h . w[x] + b[x] of every word x, h in row n K + k of the contexts; with sigsoftmax log(exp(z) sigmoid(z)). Their derivatives by z.
    /// </summary>
    public (double[] Logits, double[] Derivatives) Logits(int row)
    {
        double[] z =
            [.. Enumerable.Range(0, V).Select(x => Bias[x] + Numbers.Dot(Contexts.AsSpan(Context(row, x) * D, D), Weight.AsSpan(x * D, D)))];
        return _activation == OutputActivation.Softmax
            ? (z, [.. z.Select(_ => 1.0)])
            : ([.. z.Select(x => x - Math.Log(1 + Math.Exp(-x)))], [.. z.Select(x => 1 + (1 / (1 + Math.Exp(x))))]);
    }

    public Mixture Mixture(bool requiresGrad = false) => new(
        (J == 1 ? MakeTensor(Contexts, N * K, D) : MakeTensor(Contexts, J, N * K, D)).requires_grad_(requiresGrad),
        _logPriors is null ? null : MakeTensor(_logPriors, N, K).requires_grad_(requiresGrad),
        Activation: _activation);

    public Parameter WeightParameter() => new(MakeTensor(Weight, V, D));

    public Parameter BiasParameter() => new(MakeTensor(Bias, V));

    public Tensor TargetIds() => Tensors.Ids(Targets, N);

    private Tensor MakeTensor(double[] values, params long[] shape) => Tensors.Of(values, shape).to(_type);

    // Both sides must start from the same numbers.
    private double[] Round(double[] values) => _type == ScalarType.Float64 ? values : [.. values.Select(value => (double)(float)value)];
}
