using global::Onnx;
using Microsoft.ML.MixtureOfSoftmaxes.Kernels;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>From contexts to log-softmaxes over the vocabulary in a graph, whatever the head.</summary>
internal sealed class OnnxHead
{
    private readonly OnnxGraph _outermost;
    private readonly NetworkShape _shape;
    private readonly IReadOnlyDictionary<string, Tensor> _weights;
    private readonly OnnxWeights _precision;
    private readonly OnnxMatrix _decoder_v_d;
    private readonly string _bias_v;
    private readonly Func<OnnxGraph, string, (string Logits, string? LogPriors)> _call;

    /// <param name="graph">The outermost graph, which takes the constants.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="weights">The network's weights by name.</param>
    /// <param name="precision">In which numbers they stand in the file.</param>
    /// <param name="decoder_v_d">The embedding.</param>
    public OnnxHead(
        OnnxGraph graph, NetworkShape shape, IReadOnlyDictionary<string, Tensor> weights, OnnxWeights precision, OnnxMatrix decoder_v_d)
    {
        (_outermost, _shape, _weights, _precision, _decoder_v_d) = (graph, shape, weights, precision, decoder_v_d);
        _bias_v = Constant("decoder_bias");
        _call = shape.Head switch
        {
            LanguageModelHead.Softmax => Softmax("head"),
            LanguageModelHead.Plif => Monotonic(Softmax("head.softmax")),
            LanguageModelHead.MixtureOfContexts => Contexts(),
            LanguageModelHead.Mixtape => Mixtape(),
            LanguageModelHead.DirectOutputConnection => DirectOutput(),
            LanguageModelHead.MultiFacetSoftmax when shape.Partitions > 1 => MultiFacetSoftmax(),
            _ => Softmaxes(),
        };
    }

    /// <summary>
    /// Contexts g, [r, <see cref="NetworkShape.ContextSize"/>], to the log-softmaxes of their experts [r K, V], and their log priors [r, K], null
    /// where K is 1.
    /// </summary>
    public (string LogSoftmaxes, string? LogPriors) Call(OnnxGraph graph, string g_r_h)
    {
        (string logits_rk_v, string? logPriors_r_k) = _call(graph, g_r_h);
        if (_shape.Head == LanguageModelHead.MixtureOfSigSoftmaxes)
        {
            // log sigmoid(z) = -softplus(-z)
            string minusLogSigmoid = graph.Call("Softplus", [graph.Call("Neg", [logits_rk_v])]);
            logits_rk_v = graph.Call("Sub", [logits_rk_v, minusLogSigmoid]);
        }

        return (graph.Call("LogSoftmax", [logits_rk_v], OnnxGraph.Attribute("axis", 1)), logPriors_r_k);
    }

    private Func<OnnxGraph, string, (string, string?)> Softmax(string head)
    {
        if (_shape.LastHiddenSize == _shape.EmbeddingSize)
        {
            return (graph, g_r_h) => (Logits(graph, g_r_h, 1), null);
        }

        (OnnxMatrix projection, string bias) = Linear($"{head}.projection");
        return (graph, g_r_h) => (Logits(graph, projection.Multiply(graph, g_r_h, 1, bias), null), null);
    }

    /// <summary>The logits of another, each put through the function of <see cref="MonotonicLogits"/>.</summary>
    private Func<OnnxGraph, string, (string, string?)> Monotonic(Func<OnnxGraph, string, (string, string?)> softmax)
    {
        using DisposeScope scope = NewDisposeScope();
        var function = new PiecewiseLinear(nn.functional.softplus(_weights["head.raw_slopes"].detach()), _shape.LogitRange);
        string slopes_m = _outermost.Constant("head.slopes", function.Slopes);
        string knots_m = _outermost.Constant("head.knots", function.Knots);
        string values_m = _outermost.Constant("head.values", function.Values);
        float width = (float)function.Width;
        return (graph, g_r_h) =>
        {
            (string z_r_v, _) = softmax(graph, g_r_h);
            string fromStart_r_v = graph.Call("Add", [z_r_v, graph.Number((float)_shape.LogitRange)]);
            string place_r_v = graph.Call("Div", [fromStart_r_v, graph.Number(width)]);
            place_r_v = graph.Call("Clip", [place_r_v, graph.Number(0), graph.Number(_shape.Pieces - 1)]);
            string pieces_r_v = graph.Call("Cast", [place_r_v], OnnxGraph.Attribute("to", (long)TensorProto.Types.DataType.Int64));
            string beyondKnot_r_v = graph.Call("Sub", [z_r_v, graph.Call("Gather", [knots_m, pieces_r_v])]);
            string rise_r_v = graph.Call("Mul", [beyondKnot_r_v, graph.Call("Gather", [slopes_m, pieces_r_v])]);
            return (graph.Call("Add", [rise_r_v, graph.Call("Gather", [values_m, pieces_r_v])]), null);
        };
    }

    private Func<OnnxGraph, string, (string, string?)> Contexts()
    {
        Func<OnnxGraph, string, string> contexts = ContextsOf("head.experts");
        OnnxMatrix prior = Small("head.experts.prior.weight");
        return (graph, g_r_h) =>
        {
            string contexts_r_k_d = contexts(graph, g_r_h);
            string priors_r_k = graph.Call("Softmax", [prior.Multiply(graph, g_r_h, 1)], OnnxGraph.Attribute("axis", 1));
            string mixed_r_1_d = graph.Call("MatMul", [graph.Call("Unsqueeze", [priors_r_k, graph.Numbers(1)]), contexts_r_k_d]);
            return (Logits(graph, graph.Call("Squeeze", [mixed_r_1_d, graph.Numbers(1)]), 1), null);
        };
    }

    private Func<OnnxGraph, string, (string, string?)> Softmaxes()
    {
        Func<OnnxGraph, string, string> contexts = ContextsOf("head.experts");
        OnnxMatrix prior = Small("head.experts.prior.weight");
        return (graph, g_r_h) =>
        {
            string contexts_r_k_d = contexts(graph, g_r_h);
            string logPriors_r_k = graph.Call("LogSoftmax", [prior.Multiply(graph, g_r_h, 1)], OnnxGraph.Attribute("axis", 1));
            return (Logits(graph, Rows(graph, contexts_r_k_d, _shape.EmbeddingSize), 1), logPriors_r_k);
        };
    }

    private Func<OnnxGraph, string, (string, string?)> DirectOutput()
    {
        int[] layers = [.. Enumerable.Range(_shape.FirstContextLayer, _shape.LowerLayers + 1)];
        long[] sizes = [.. layers.Select(layer => (long)_shape.Layer(layer).Output)];
        (OnnxMatrix Weight, string Bias)[] latents = [.. layers.Select(layer => Linear($"head.latent{layer}"))];
        OnnxMatrix prior = Small("head.prior.weight");
        return (graph, g_r_c) =>
        {
            string[] parts = graph.Call("Split", sizes.Length, [g_r_c, graph.Numbers(sizes)], OnnxGraph.Attribute("axis", 1));
            string[] contexts =
            [
                .. latents.Select((latent, i) => Tanh(
                    graph, latent.Weight, latent.Bias, parts[i], 1, DirectOutputHead.ExpertsOf(layers[i], _shape))),
            ];
            string logPriors_r_k = graph.Call("LogSoftmax", [prior.Multiply(graph, parts[^1], 1)], OnnxGraph.Attribute("axis", 1));
            return (Logits(graph, Rows(graph, graph.Join(contexts, 1), _shape.EmbeddingSize), 1), logPriors_r_k);
        };
    }

    private Func<OnnxGraph, string, (string, string?)> MultiFacetSoftmax()
    {
        (long others, long v, int j) = (_shape.Experts - 1, _shape.VocabularySize, _shape.Partitions);
        Func<OnnxGraph, string, string> contexts = ContextsOf("head.experts");
        OnnxMatrix prior = Small("head.experts.prior.weight");
        (OnnxMatrix Rows, string Bias)[] partitions =
            [.. Enumerable.Range(0, j).Select(i => (_decoder_v_d.Rows(_outermost, i, v, j), Part(_bias_v, i, v, j)))];
        using DisposeScope scope = NewDisposeScope();
        string places_v = _outermost.Places("head.places", new WordPartitions(j, v).Places(arange(v, ScalarType.Int64)));
        return (graph, g_r_h) =>
        {
            string contexts_r_f_d = contexts(graph, g_r_h);
            string logPriors_r_k = graph.Call("LogSoftmax", [prior.Multiply(graph, g_r_h, 1)], OnnxGraph.Attribute("axis", 1));
            string[] byPartition = [.. partitions.Select((partition, i) => partition.Rows.Multiply(
                graph, graph.Call("Gather", [contexts_r_f_d, graph.Scalar(i)], OnnxGraph.Attribute("axis", 1)), 1, partition.Bias))];
            string arranged_r_v = graph.Call("Concat", byPartition, OnnxGraph.Attribute("axis", 1));
            string first_r_v = graph.Call("Gather", [arranged_r_v, places_v], OnnxGraph.Attribute("axis", 1));
            if (others == 0)
            {
                return (first_r_v, logPriors_r_k);
            }

            string others_r_k_d = graph.Call(
                "Slice", [contexts_r_f_d, graph.Numbers(j), graph.Numbers(j + others), graph.Numbers(1)]);
            string others_rk_v = Logits(graph, Rows(graph, others_r_k_d, _shape.EmbeddingSize), 1);
            string others_r_k_v = graph.Call("Reshape", [others_rk_v, graph.Numbers(-1, others, v)]);
            string first_r_1_v = graph.Call("Unsqueeze", [first_r_v, graph.Numbers(1)]);
            return (Rows(graph, graph.Call("Concat", [first_r_1_v, others_r_k_v], OnnxGraph.Attribute("axis", 1)), v), logPriors_r_k);
        };
    }

    private Func<OnnxGraph, string, (string, string?)> Mixtape()
    {
        (long experts, long d, long s) = (_shape.Experts, _shape.EmbeddingSize, _shape.FrequentWords);
        Func<OnnxGraph, string, string> contexts = ContextsOf("head");
        (OnnxMatrix features, string featureBias) = Linear("head.gate_features");
        OnnxMatrix shared = Small("head.shared_gates.weight");
        OnnxMatrix embedding_s_e = Small("head.gate_embedding");
        string bias_i_s = Constant("head.gate_bias");
        OnnxMatrix frequent_s_d = _decoder_v_d.Rows(_outermost, 0, s);
        string frequentBias = Part(_bias_v, 0, s);
        OnnxMatrix? rare = s == _shape.VocabularySize ? null : _decoder_v_d.Rows(_outermost, s, _shape.VocabularySize);
        string rareBias = Part(_bias_v, s, _shape.VocabularySize);
        return (graph, g_r_h) =>
        {
            string contexts_r_k_d = contexts(graph, g_r_h);
            string features_r_i_e = Tanh(graph, features, featureBias, g_r_h, 1, experts - 1);
            string shared_r_i_1 = graph.Call("Unsqueeze", [shared.Multiply(graph, g_r_h, 1), graph.Numbers(2)]);
            string experts_rk_s = frequent_s_d.Multiply(graph, Rows(graph, contexts_r_k_d, d), 1);
            string gates_ri_s = embedding_s_e.Multiply(graph, Rows(graph, features_r_i_e, _shape.GateSize), 1);
            string gates_r_i_s = graph.Call("Reshape", [gates_ri_s, graph.Numbers(-1, experts - 1, s)]);
            gates_r_i_s = graph.Call("Add", [graph.Call("Add", [gates_r_i_s, shared_r_i_1]), bias_i_s]);
            string mixed_r_s = Tree(graph, experts_rk_s, graph.Call("Sigmoid", [gates_r_i_s]), s);
            string frequent_r_s = graph.Call("Add", [mixed_r_s, frequentBias]);
            if (rare is null)
            {
                return (frequent_r_s, null);
            }

            string context_r_d = Tree(graph, contexts_r_k_d, graph.Call("Sigmoid", [shared_r_i_1]), d);
            string rare_r_v = rare.Multiply(graph, context_r_d, 1, rareBias);
            return (graph.Call("Concat", [frequent_r_s, rare_r_v], OnnxGraph.Attribute("axis", 1)), null);
        };
    }

    /// <summary>The mixture of <see cref="SigmoidTree"/>, [r, x]: leaves of r K rows, gates [r, K - 1, x] or [r, K - 1, 1].</summary>
    private string Tree(OnnxGraph graph, string leaves, string gates, long x)
    {
        string mixed = leaves;
        for (long nodes = _shape.Experts / 2; nodes >= 1; nodes /= 2)
        {
            string pairs_r_j_2_x = graph.Call("Reshape", [mixed, graph.Numbers(-1, nodes, 2, x)]);
            string first = graph.Call("Gather", [pairs_r_j_2_x, graph.Scalar(0)], OnnxGraph.Attribute("axis", 2));
            string second = graph.Call("Gather", [pairs_r_j_2_x, graph.Scalar(1)], OnnxGraph.Attribute("axis", 2));
            string gate = graph.Call("Slice", [gates, graph.Numbers(nodes - 1), graph.Numbers((2 * nodes) - 1), graph.Numbers(1)]);
            mixed = graph.Call("Add", [second, graph.Call("Mul", [gate, graph.Call("Sub", [first, second])])]);
        }

        return Rows(graph, mixed, x);
    }

    private string Logits(OnnxGraph graph, string contexts_n_d, double? range) => _decoder_v_d.Multiply(graph, contexts_n_d, range, _bias_v);

    /// <summary>From g [r, H] to the experts' contexts [r, K, d], with J facets [r, J + K - 1, d].</summary>
    private Func<OnnxGraph, string, string> ContextsOf(string layers)
    {
        (OnnxMatrix latent, string bias) = Linear($"{layers}.latent");
        if (_shape.LatentRank == 0)
        {
            return (graph, g_r_h) => Tanh(graph, latent, bias, g_r_h, 1, _shape.ContextCount);
        }

        string name = $"{layers}.narrow.weight";
        var narrow = OnnxMatrix.Create(_outermost, name, _weights[name], _precision);
        return (graph, g_r_h) => Tanh(graph, latent, bias, narrow.Multiply(graph, g_r_h, 1), null, _shape.ContextCount);
    }

    private static string Tanh(OnnxGraph graph, OnnxMatrix weight, string bias, string x_r_h, double? range, long parts) => graph.Call(
        "Reshape", [graph.Call("Tanh", [weight.Multiply(graph, x_r_h, range, bias)]), graph.Numbers(0, parts, -1)]);

    private static string Rows(OnnxGraph graph, string x, long columns) => graph.Call("Reshape", [x, graph.Numbers(-1, columns)]);

    private string Part(string vector, long start, long end, long step = 1) => _outermost.Call(
        "Slice", [vector, _outermost.Numbers(start), _outermost.Numbers(end), _outermost.Numbers(0), _outermost.Numbers(step)]);

    private (OnnxMatrix Weight, string Bias) Linear(string name) =>
        (OnnxMatrix.Create(_outermost, name + ".weight", _weights[name + ".weight"], _precision), Constant(name + ".bias"));

    // Too small for its size to matter.
    private OnnxMatrix Small(string name) => OnnxMatrix.Create(_outermost, name, _weights[name], OnnxWeights.Float32);

    private string Constant(string name) => _outermost.Constant(name, _weights[name]);
}
