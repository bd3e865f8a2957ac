using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Mixtures;

/// <summary>Random inputs of the loss where the first S words have gates of their own, and what the definition says of them.</summary>
internal sealed class GatedProblem
{
    private readonly int _d, _e, _s;
    private readonly double[] _mixed, _contexts, _features, _shared, _embedding, _gateBias;

    public GatedProblem(int n, int k, int d, int v, int s, int e, int seed)
    {
        (N, K, _d, V, _s, _e) = (n, k, d, v, s, e);
        var random = new Random(seed);
        _mixed = Singles(Numbers.Gaussian(random, n * d));
        _contexts = Singles(Numbers.Gaussian(random, n * k * d));
        _features = Singles(Numbers.Gaussian(random, n * (k - 1) * e));
        _shared = Singles(Numbers.Gaussian(random, n * (k - 1)));
        _embedding = Singles(Numbers.Gaussian(random, s * e));
        _gateBias = Singles(Numbers.Gaussian(random, (k - 1) * s));
        Weight = Singles(Numbers.Gaussian(random, v * d));
        Bias = Singles(Numbers.Gaussian(random, v));
        Targets = Numbers.Ids(random, n, v);
    }

    public int N { get; }

    public int K { get; }

    public int V { get; }

    public double[] Weight { get; }

    public double[] Bias { get; }

    public int[] Targets { get; }

    public Mixture Mixture(ScalarType type = ScalarType.Float64) => new(Of(_mixed, type, N, _d), null)
    {
        Gates = new(
            Of(_contexts, type, N, K, _d), Of(_features, type, N, K - 1, _e), Of(_shared, type, N, K - 1), Of(_embedding, type, _s, _e),
            Of(_gateBias, type, K - 1, _s)),
    };

    public Parameter WeightParameter(ScalarType type = ScalarType.Float64) => new(Of(Weight, type, V, _d));

    public Parameter BiasParameter(ScalarType type = ScalarType.Float64) => new(Of(Bias, type, V));

    public Tensor TargetIds() => Tensors.Ids(Targets, N);

    /// <summary>log P of every word in every context, [N, V], one number at a time.</summary>
    public double[] LogProbabilities() =>
    [
        .. Enumerable.Range(0, N).SelectMany(n =>
        {
            double[] logits = [.. Enumerable.Range(0, V).Select(v => Logit(n, v))];
            double norm = Numbers.LogSumExp(logits);
            return logits.Select(logit => logit - norm);
        }),
    ];

    private double Logit(int n, int v)
    {
        ReadOnlySpan<double> word = Weight.AsSpan(v * _d, _d);
        if (v >= _s)
        {
            return Bias[v] + Numbers.Dot(_mixed.AsSpan(n * _d, _d), word);
        }

        double logit = Bias[v];
        for (int k = 0; k < K; k++)
        {
            logit += Share(n, v, k) * Numbers.Dot(_contexts.AsSpan(((n * K) + k) * _d, _d), word);
        }

        return logit;
    }

    /// <summary>pi[n,v,k]: the product along the path from the root, gate 1, to leaf k; gate i has the children 2 i and 2 i + 1.</summary>
    private double Share(int n, int v, int k)
    {
        double share = 1;
        for (int node = K + k; node > 1; node /= 2)
        {
            int gate = (node / 2) - 1;
            double input = _shared[(n * (K - 1)) + gate] + _gateBias[(gate * _s) + v]
                + Numbers.Dot(_features.AsSpan(((n * (K - 1)) + gate) * _e, _e), _embedding.AsSpan(v * _e, _e));
            double open = 1 / (1 + Math.Exp(-input));
            share *= node % 2 == 0 ? open : 1 - open;
        }

        return share;
    }

    private static Tensor Of(double[] values, ScalarType type, params long[] shape) => Tensors.Of(values, shape).to(type);

    // So that a test in float32 starts from the same numbers.
    private static double[] Singles(double[] values) => [.. values.Select(value => (double)(float)value)];
}
