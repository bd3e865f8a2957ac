using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Modeling.Heads;

[TestClass]
public sealed class HeadTests
{
    private const int Steps = 3, Batch = 2, H = 6, D = 4, K = 3, V = Shapes.Vocabulary;

    private readonly double[] _g = Round(Numbers.Gaussian(new Random(5), Steps * Batch * H));
    private readonly double[] _decoder = Round(Numbers.Gaussian(new Random(6), V * D));
    private readonly double[] _bias = Round(Numbers.Gaussian(new Random(7), V));

    [TestMethod]
    public void Mixture_of_softmaxes_mixes_distributions()
    {
        using DisposeScope scope = NewDisposeScope();
        using Head head = Head.Create(Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes), CPU).Randomize(1);
        AssertDistributions(head, g =>
        {
            double[] priors = Priors(head, g);
            double[][] experts = [.. Contexts(head, g).Select(Softmax)];
            return [.. Enumerable.Range(0, V).Select(v => Enumerable.Range(0, K).Sum(k => priors[k] * experts[k][v]))];
        });
    }

    [TestMethod]
    public void Mixture_of_sigsoftmaxes_weighs_exponentials_by_sigmoids()
    {
        using DisposeScope scope = NewDisposeScope();
        using Head head = Head.Create(Shapes.Small(LanguageModelHead.MixtureOfSigSoftmaxes), CPU).Randomize(1);
        AssertDistributions(head, g =>
        {
            double[] priors = Priors(head, g);
            double[][] experts = [.. Contexts(head, g).Select(SigSoftmax)];
            return [.. Enumerable.Range(0, V).Select(v => Enumerable.Range(0, K).Sum(k => priors[k] * experts[k][v]))];
        });
    }

    [TestMethod]
    public void Mixture_of_contexts_mixes_contexts_before_one_softmax()
    {
        using DisposeScope scope = NewDisposeScope();
        using Head head = Head.Create(Shapes.Small(LanguageModelHead.MixtureOfContexts), CPU).Randomize(2);
        AssertDistributions(head, g =>
        {
            double[] priors = Priors(head, g);
            double[][] contexts = Contexts(head, g);
            return Softmax([.. Enumerable.Range(0, D).Select(c => Enumerable.Range(0, K).Sum(k => priors[k] * contexts[k][c]))]);
        });
    }

    [TestMethod]
    public void Mixtape_mixes_logits_by_gates_of_frequent_words_and_shared_gates_of_the_others()
    {
        const int Frequent = 5, GateSize = 3;
        using DisposeScope scope = NewDisposeScope();
        using Head head = Head.Create(Shapes.Small(LanguageModelHead.Mixtape), CPU).Randomize(4);
        double[] embedding = Tensors.Values(head.Named("gate_embedding")), bias = Tensors.Values(head.Named("gate_bias"));
        double[] none = new double[3];
        AssertDistributions(head, g =>
        {
            double[][] logits =
                [.. Apply(head, "latent", g, 4 * D).Select(Math.Tanh).Chunk(D).Select(context => Linear(_decoder, new double[V], context, V))];
            double[][] features = [.. Apply(head, "gate_features", g, 3 * GateSize).Select(Math.Tanh).Chunk(GateSize)];
            double[] shared = Linear(Tensors.Values(head.Named("shared_gates.weight")), none, g, 3);
            double[] mixed =
            [
                .. Enumerable.Range(0, V).Select(v =>
                {
                    double[] own = v >= Frequent
                        ? none
                        : [.. features.Select((t, i) => Numbers.Dot(t, embedding.AsSpan(v * GateSize, GateSize)) + bias[(i * Frequent) + v])];
                    double[] gates = [.. shared.Zip(own, (a, b) => 1 / (1 + Math.Exp(-a - b)))];
                    return _bias[v]
                        + (gates[0] * ((gates[1] * logits[0][v]) + ((1 - gates[1]) * logits[1][v])))
                        + ((1 - gates[0]) * ((gates[2] * logits[2][v]) + ((1 - gates[2]) * logits[3][v])));
                }),
            ];
            return [.. mixed.Select(logit => Math.Exp(logit - Numbers.LogSumExp(mixed)))];
        });
    }

    [TestMethod]
    public void Softmax_projects_a_context_of_another_size_linearly()
    {
        using DisposeScope scope = NewDisposeScope();
        using Head head = Head.Create(Shapes.Small(LanguageModelHead.Softmax, experts: 1), CPU).Randomize(3);
        double[] weight = Tensors.Values(head.Named("projection.weight")), bias = Tensors.Values(head.Named("projection.bias"));
        AssertDistributions(head, g => Softmax(Linear(weight, bias, g, D)));
    }

    [TestMethod]
    public void Softmax_takes_a_context_of_the_embedding_size_as_it_is()
    {
        using DisposeScope scope = NewDisposeScope();
        using Head head = Head.Create(Shapes.Small(LanguageModelHead.Softmax, experts: 1, lastHidden: D), CPU);
        Assert.IsEmpty(head.parameters());
        Tensor g = Tensors.Singles(_g[..(Steps * Batch * D)], Steps, Batch, D);
        Assert.AreSequenceEqual(Tensors.Bits(g), Tensors.Bits(head.Mix(g, default).Contexts));
    }

    [TestMethod]
    [DataRow(1, 4)]
    [DataRow(3, 2)]
    public void Multi_facet_softmax_gives_the_first_softmax_a_context_for_each_partition_of_the_words(int experts, int partitions)
    {
        using DisposeScope scope = NewDisposeScope();
        using Head head = Head.Create(Shapes.Small(LanguageModelHead.MultiFacetSoftmax, experts) with { Partitions = partitions }, CPU).Randomize(5);
        double[] prior = Tensors.Values(head.Named("experts.prior.weight"));
        AssertDistributions(head, g =>
        {
            double[][] logits =
            [
                .. Apply(head, "experts.latent", g, (partitions + experts - 1) * D).Select(Math.Tanh).Chunk(D)
                    .Select(context => Linear(_decoder, _bias, context, V)),
            ];
            double[] first = [.. Enumerable.Range(0, V).Select(v => logits[v % partitions][v])];
            double[] gates = Linear(prior, new double[experts], g, experts);
            double[][] softmaxes =
            [
                .. logits[partitions..].Prepend(first).Select((z, k) =>
                    z.Select(x => Math.Exp(gates[k] - Numbers.LogSumExp(gates) + x - Numbers.LogSumExp(z))).ToArray()),
            ];
            return [.. Enumerable.Range(0, V).Select(v => softmaxes.Sum(p => p[v]))];
        });
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(K)]
    public void Multi_facet_softmax_of_one_partition_is_a_mixture_of_softmaxes(int experts)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor g = Tensors.Singles(_g, Steps, Batch, H);
        using Head facets = Head.Create(Shapes.Small(LanguageModelHead.MultiFacetSoftmax, experts) with { Partitions = 1 }, CPU).Randomize(6);
        using Head softmaxes = Head.Create(Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes, experts), CPU);
        softmaxes.load_state_dict(facets.state_dict());
        (Mixture a, Mixture b) = (facets.Mix(g, default), softmaxes.Mix(g, default));
        Assert.AreSequenceEqual(b.Contexts.shape, a.Contexts.shape);
        Assert.AreSequenceEqual(Tensors.Bits(b.Contexts), Tensors.Bits(a.Contexts));
        Assert.AreSequenceEqual(Tensors.Bits(b.LogPriors!), Tensors.Bits(a.LogPriors!));
    }

    [TestMethod]
    public void Two_facets_give_two_words_as_one_mode_each_where_a_word_between_them_keeps_one_context_from_it()
    {
        // Words at -1, 0 and 1 with the mass on both ends: one context h has logits -h, 0 and h, and the word between is never the least likely.
        using DisposeScope scope = NewDisposeScope();
        Tensor decoder = Tensors.Of([-1, 1, 0, 9], 4, 1), bias = zeros(4, ScalarType.Float64);
        Tensor two = MixtureDistribution.LogProbabilities(new(Tensors.Of([-6, 6], 2, 1, 1), null), decoder[..3], bias[..3]).exp();
        double[] modes = Tensors.Values(two);
        Assert.AreEqual(modes[0], modes[1], 1e-12);
        Assert.AreEqual(Math.Exp(6) / ((2 * Math.Exp(6)) + 1), modes[0], 1e-12);
        foreach (double context in (double[])[-6, -1, 0, 0.5, 6])
        {
            double[] one = Tensors.Values(MixtureDistribution.LogProbabilities(new(Tensors.Of([context], 1, 1), null), decoder[..3], bias[..3]));
            Assert.IsGreaterThanOrEqualTo(Math.Min(one[0], one[1]), one[2]);
        }
    }

    [TestMethod]
    public void A_latent_rank_leaves_the_spread_of_new_contexts_as_it_is()
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(1);
        NetworkShape whole = Shapes.Small(LanguageModelHead.MixtureOfSoftmaxes) with { EmbeddingSize = 400, LastHiddenSize = 300 };
        Tensor g = randn(1, 50, 300).mul_(0.3);
        Assert.AreEqual(1, Spread(whole with { LatentRank = 100 }) / Spread(whole), 0.1);

        double Spread(NetworkShape shape)
        {
            using Head head = Head.Create(shape, CPU);
            return head.Mix(g, default).Contexts.atanh().std().item<float>();
        }
    }

    [TestMethod]
    public void Plif_begins_as_the_softmax_of_its_projection()
    {
        using DisposeScope scope = NewDisposeScope();
        using Head head = Head.Create(Shapes.Small(LanguageModelHead.Plif), CPU);
        AssertDistributions(head, g => Softmax(Apply(head, "softmax.projection", g, D)));
    }

    [TestMethod]
    public void Plif_takes_an_increasing_function_of_logits()
    {
        using DisposeScope scope = NewDisposeScope();
        NetworkShape shape = Shapes.Small(LanguageModelHead.Plif) with { Pieces = 2, LogitRange = 0.75 };
        using Head head = Head.Create(shape, CPU).Randomize(3);
        double[] slopes = [.. Tensors.Values(head.Named("raw_slopes")).Select(raw => Math.Log(1 + Math.Exp(raw)))];
        AssertDistributions(head, g =>
        {
            // Two pieces meet in 0.
            double[] logits = [.. Linear(_decoder, _bias, Apply(head, "softmax.projection", g, D), V).Select(z => slopes[z < 0 ? 0 : 1] * z)];
            return [.. logits.Select(logit => Math.Exp(logit - Numbers.LogSumExp(logits)))];
        });
    }

    [TestMethod]
    [DataRow(LanguageModelHead.Softmax, 1)]
    [DataRow(LanguageModelHead.MixtureOfContexts, 1)]
    [DataRow(LanguageModelHead.MixtureOfSoftmaxes, K)]
    [DataRow(LanguageModelHead.MixtureOfSigSoftmaxes, K)]
    [DataRow(LanguageModelHead.Mixtape, 1)]
    [DataRow(LanguageModelHead.Plif, 1)]
    [DataRow(LanguageModelHead.MultiFacetSoftmax, K)]
    public void A_mixture_counts_its_rows_and_its_experts(LanguageModelHead kind, int experts)
    {
        using DisposeScope scope = NewDisposeScope();
        using Head head = Head.Create(Shapes.Small(kind), CPU);
        Mixture mixture = head.Mix(Tensors.Singles(_g, Steps, Batch, H), default);
        Assert.AreEqual(experts, mixture.Experts);
        Assert.AreEqual(Steps * Batch, mixture.Count);
    }

    [TestMethod]
    [DataRow(LanguageModelHead.Softmax)]
    [DataRow(LanguageModelHead.MixtureOfSoftmaxes)]
    public void Latent_dropout_zeroes_the_same_places_at_every_time_step(LanguageModelHead kind)
    {
        using DisposeScope scope = NewDisposeScope();
        random.manual_seed(4);
        using Head head = Head.Create(Shapes.Small(kind), CPU).Randomize(4);
        double[] g = [.. Enumerable.Repeat(_g[..(Batch * H)], Steps).SelectMany(row => row)];
        Tensor same_t_b_h = Tensors.Singles(g, Steps, Batch, H);
        double[] whole = Tensors.Values(head.Mix(same_t_b_h, default).Contexts);
        double[] dropped = Tensors.Values(head.Mix(same_t_b_h, new(0.5, default, DropoutSite.Latent, Layer: 0)).Contexts);
        int step = whole.Length / Steps;
        Assert.AreSequenceEqual(dropped[..step], dropped[step..(2 * step)]);
        Assert.AreSequenceEqual(dropped[..step], dropped[(2 * step)..]);
        double[] ratios = [.. dropped.Zip(whole, (a, b) => Math.Round(a / b, 5)).Distinct().Order()];
        Assert.AreSequenceEqual([0.0, 2.0], ratios);
    }

    /// <summary>P(v | c) of every context and word, and that it sums to one.</summary>
    private void AssertDistributions(Head head, Func<double[], double[]> definition)
    {
        Mixture mixture = head.Mix(Tensors.Singles(_g, Steps, Batch, H), default);
        using var loss = new MixtureCrossEntropy();
        double[][] byWord =
        [
            .. Enumerable.Range(0, V).Select(v => Tensors.Values(loss.LogLikelihood(
                mixture, Tensors.Singles(_decoder, V, D), Tensors.Singles(_bias, V), full(Steps * Batch, v, ScalarType.Int64)))),
        ];
        for (int n = 0; n < Steps * Batch; n++)
        {
            double[] actual = [.. byWord.Select(logLikelihoods => Math.Exp(logLikelihoods[n]))];
            Assert.AreEqual(1, actual.Sum(), 1e-6, $"sum of distribution {n}");
            Numbers.AssertClose(definition(_g[(n * H)..((n + 1) * H)]), actual, 1e-5, $"distribution {n}");
        }
    }

    private static double[] Priors(Head head, double[] g)
    {
        double[] gates = Linear(Tensors.Values(head.Named("experts.prior.weight")), new double[K], g, K);
        return [.. gates.Select(gate => Math.Exp(gate - Numbers.LogSumExp(gates)))];
    }

    /// <summary>h[k], K vectors of size d.</summary>
    private static double[][] Contexts(Head head, double[] g)
    {
        double[] weight = Tensors.Values(head.Named("experts.latent.weight")), bias = Tensors.Values(head.Named("experts.latent.bias"));
        return [.. Linear(weight, bias, g, K * D).Select(Math.Tanh).Chunk(D)];
    }

    private double[] Softmax(double[] context)
    {
        double[] logits = Linear(_decoder, _bias, context, V);
        return [.. logits.Select(logit => Math.Exp(logit - Numbers.LogSumExp(logits)))];
    }

    private double[] SigSoftmax(double[] context)
    {
        double[] weights = [.. Linear(_decoder, _bias, context, V).Select(z => Math.Exp(z) / (1 + Math.Exp(-z)))];
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    private static double[] Apply(Head head, string layer, double[] x, int outputs) =>
        Linear(Tensors.Values(head.Named(layer + ".weight")), Tensors.Values(head.Named(layer + ".bias")), x, outputs);

    private static double[] Linear(double[] weight, double[] bias, double[] x, int outputs) =>
        [.. Enumerable.Range(0, outputs).Select(i => bias[i] + Numbers.Dot(weight.AsSpan(i * x.Length, x.Length), x))];

    private static double[] Round(double[] values) => [.. values.Select(value => (double)(float)value)];
}
