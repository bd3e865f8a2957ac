using global::Onnx;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>What is said of a block of r tokens, in the body of a loop over blocks.</summary>
internal sealed class OnnxTokenScores
{
    private readonly OnnxGraph _block;
    private readonly NetworkShape _shape;
    private readonly string _logSoftmaxes_rk_v;
    private readonly string? _logPriors_r_k;
    private readonly string? _tokens_r_1;

    /// <param name="block">The body.</param>
    /// <param name="shape">The sizes of the network.</param>
    /// <param name="head">Its head.</param>
    /// <param name="contexts_r_h">What the tokens follow.</param>
    /// <param name="tokens_r">The tokens; null where there are none yet.</param>
    public OnnxTokenScores(OnnxGraph block, NetworkShape shape, OnnxHead head, string contexts_r_h, string? tokens_r = null)
    {
        (_block, _shape) = (block, shape);
        (_logSoftmaxes_rk_v, _logPriors_r_k) = head.Call(block, contexts_r_h);
        _tokens_r_1 = tokens_r is null ? null : block.Call("Unsqueeze", [tokens_r, block.Numbers(1)]);
    }

    /// <summary>log P of each token, [r].</summary>
    public string LogLikelihoods
    {
        get
        {
            if (_logPriors_r_k is null)
            {
                return _block.Call("Squeeze", [Gather(_block, _logSoftmaxes_rk_v, _tokens_r_1!), _block.Numbers(1)]);
            }

            string tokens_r_k = _block.Call("Expand", [_tokens_r_1!, _block.Numbers(1, _shape.Experts)]);
            string tokens_rk_1 = _block.Call("Reshape", [tokens_r_k, _block.Numbers(-1, 1)]);
            string experts_r_k = _block.Call("Reshape", [Gather(_block, _logSoftmaxes_rk_v, tokens_rk_1), _block.Numbers(-1, _shape.Experts)]);
            return LogSumExp(_block, _block.Call("Add", [experts_r_k, _logPriors_r_k]));
        }
    }

    /// <summary>Ranks [r], likeliest tokens [r, k] and their log P [r, k]: nothing of the kind is computed where k is 0.</summary>
    /// <param name="topCount">The name of k, int64 [1].</param>
    public string[] Details(string topCount)
    {
        OnnxGraph wanted = _block.Within("with_details"), unwanted = _block.Within("without_details");
        string logP_r_v = Distribution(wanted);
        string isAbove_r_v = wanted.Call("Greater", [logP_r_v, Gather(wanted, logP_r_v, _tokens_r_1!)]);
        string above_r_v = wanted.Call("Cast", [isAbove_r_v], OnnxGraph.Attribute("to", (long)TensorProto.Types.DataType.Int64));
        string above_r = wanted.Call("ReduceSum", [above_r_v, wanted.Numbers(1)], OnnxGraph.Attribute("keepdims", 0));
        string[] top = wanted.Call("TopK", 2, [logP_r_v, topCount], OnnxGraph.Attribute("axis", 1));
        Give(wanted, "with", wanted.Call("Add", [above_r, wanted.Scalar(1)]), top[1], top[0]);

        string rows = unwanted.Call("Slice", [unwanted.Call("Shape", [_tokens_r_1!]), unwanted.Numbers(0), unwanted.Numbers(1)]);
        string none = unwanted.Call("Concat", [rows, unwanted.Numbers(0)], OnnxGraph.Attribute("axis", 0));
        AttributeProto zero = OnnxGraph.Attribute(
            "value", OnnxGraph.Values("zero", TensorProto.Types.DataType.Int64, [1], new byte[sizeof(long)]));
        Give(
            unwanted, "without", unwanted.Call("ConstantOfShape", [rows], zero), unwanted.Call("ConstantOfShape", [none], zero),
            unwanted.Call("ConstantOfShape", [none]));

        string isWanted = _block.Call("Greater", [topCount, _block.Numbers(0)]);
        return _block.Call(
            "If", 3, [isWanted], OnnxGraph.Attribute("then_branch", wanted), OnnxGraph.Attribute("else_branch", unwanted));
    }

    /// <summary>log P of every word, [r, V], in log space throughout.</summary>
    /// <param name="graph">The body, or a graph within it.</param>
    public string Distribution(OnnxGraph graph)
    {
        if (_logPriors_r_k is null)
        {
            return _logSoftmaxes_rk_v;
        }

        string experts_r_k_v = graph.Call("Reshape", [_logSoftmaxes_rk_v, graph.Numbers(-1, _shape.Experts, _shape.VocabularySize)]);
        string priors_r_k_1 = graph.Call("Unsqueeze", [_logPriors_r_k, graph.Numbers(2)]);
        return LogSumExp(graph, graph.Call("Add", [experts_r_k_v, priors_r_k_1]));
    }

    /// <summary>Over the experts, from their largest on: ONNX Runtime's operator for the whole is slow.</summary>
    private static string LogSumExp(OnnxGraph graph, string x_r_k)
    {
        string max = graph.Call("ReduceMax", [x_r_k], OnnxGraph.Attribute("axes", [1]));
        string sum = graph.Call("ReduceSum", [graph.Call("Exp", [graph.Call("Sub", [x_r_k, max])]), graph.Numbers(1)]);
        return graph.Call("Squeeze", [graph.Call("Add", [graph.Call("Log", [sum]), max]), graph.Numbers(1)]);
    }

    private static string Gather(OnnxGraph graph, string x_r_v, string tokens_r_1) =>
        graph.Call("GatherElements", [x_r_v, tokens_r_1], OnnxGraph.Attribute("axis", 1));

    private static void Give(OnnxGraph branch, string name, string ranks, string tokens, string logP)
    {
        branch.Output(name + "_ranks", ranks, TensorProto.Types.DataType.Int64, "rows");
        branch.Output(name + "_top_tokens", tokens, TensorProto.Types.DataType.Int64, "rows", "top");
        branch.Output(name + "_top_log_probabilities", logP, TensorProto.Types.DataType.Float, "rows", "top");
    }
}
