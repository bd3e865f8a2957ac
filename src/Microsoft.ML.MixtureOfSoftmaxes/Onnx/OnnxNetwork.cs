using global::Onnx;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>
/// The network as a graph: tokens and a state to the log-likelihoods of these very tokens and the state after them. The sizes of batch and time
/// are free.
/// </summary>
internal sealed class OnnxNetwork
{
    // What the logits of a block of tokens may take.
    private const long BlockBytes = 32L << 20;

    private const TensorProto.Types.DataType Int64 = TensorProto.Types.DataType.Int64;
    private const TensorProto.Types.DataType Float = TensorProto.Types.DataType.Float;

    private readonly OnnxGraph _graph = new("language_model");
    private readonly NetworkShape _shape;
    private readonly OnnxMatrix _embedding_v_d;
    private readonly OnnxEncoder _encoder;
    private readonly OnnxHead _head;

    private OnnxNetwork(NetworkShape shape, IReadOnlyDictionary<string, Tensor> weights, OnnxWeights precision)
    {
        _shape = shape;
        _embedding_v_d = OnnxMatrix.Create(_graph, "embedding", weights["embedding"], precision);
        _encoder = new(_graph, shape, weights, precision);
        _head = new(_graph, shape, weights, precision, _embedding_v_d);
    }

    /// <summary>A graph of a network.</summary>
    /// <param name="network">The network, within a turn.</param>
    /// <param name="start">Its state at the start of a text, which is that of the graph where none is given.</param>
    /// <param name="precision">In which numbers the weights stand.</param>
    /// <param name="withNextWords">Whether the graph also gives the distribution after the last token.</param>
    public static GraphProto Build(LanguageModelNetwork network, RecurrentState start, OnnxWeights precision, bool withNextWords)
    {
        var graph = new OnnxNetwork(network.Shape, network.state_dict(), precision);
        Tensor[] parts = [.. Enumerable.Range(0, network.Shape.LayerCount).SelectMany(layer => new[] { start.Hidden(layer), start.Cell(layer) })];
        graph.Build(cat(parts, 2).squeeze(0), withNextWords);
        return graph._graph.Proto;
    }

    private void Build(Tensor start_1_s, bool withNextWords)
    {
        long stateSize = start_1_s.shape[1];
        _graph.Input(OnnxNames.Tokens, Int64, "batch", "time");
        _graph.Input(OnnxNames.Lengths, Int64, "batch");
        _graph.Optional(OnnxNames.State, start_1_s, "state_batch_or_1", stateSize);
        _graph.Optional(OnnxNames.TopCount, 0, 1);

        string batchAndTime = _graph.Call("Shape", [OnnxNames.Tokens]);
        string batch = Part(batchAndTime, 0), time = Part(batchAndTime, 1);
        string lengths_b = _graph.Call("Min", [OnnxNames.Lengths, time]);
        (string before_b_t_h, string last_b_h, string state_b_s) = Encode(batch, lengths_b, stateSize);
        string contexts_n_h = _graph.Call("Reshape", [before_b_t_h, _graph.Numbers(-1, _shape.ContextSize)]);
        string targets_n = _graph.Call("Reshape", [OnnxNames.Tokens, _graph.Numbers(-1)]);
        Score(contexts_n_h, targets_n, batchAndTime, IsRead(lengths_b, time));
        _graph.Output(OnnxNames.NextState, state_b_s, Float, "batch", stateSize);
        if (withNextWords)
        {
            _graph.Output(OnnxNames.NextLogProbabilities, NextWords(last_b_h), Float, "batch", _shape.VocabularySize);
        }
    }

    /// <summary>The contexts before each token, the last one, and the state after the tokens.</summary>
    private (string Before, string Last, string State) Encode(string batch, string lengths_b, long stateSize)
    {
        string state_b_s = _graph.Call(
            "Expand", [OnnxNames.State, _graph.Call("Concat", [batch, _graph.Numbers(stateSize)], OnnxGraph.Attribute("axis", 0))]);
        long[] sizes = [.. Enumerable.Range(0, 2 * _shape.LayerCount).Select(part => (long)_shape.Layer(part / 2).Output)];
        string[] states = _graph.Call("Split", sizes.Length, [state_b_s, _graph.Numbers(sizes)], OnnxGraph.Attribute("axis", 1));
        string tokens_t_b = _graph.Call("Transpose", [OnnxNames.Tokens], OnnxGraph.Attribute("perm", [1, 0]));
        string x = _embedding_v_d.Gather(_graph, tokens_t_b, 2);
        double range = _embedding_v_d.Range;
        var next = new List<string>();
        var contexts = new List<string>();
        for (int layer = 0; layer < _shape.LayerCount; layer++, range = 1)
        {
            (x, string hidden, string cell) = _encoder.Call(layer, x, range, states[2 * layer], states[(2 * layer) + 1], lengths_b);
            next.AddRange([hidden, cell]);
            if (layer >= _shape.FirstContextLayer)
            {
                contexts.Add(x);
            }
        }

        string first_1_b_h = _graph.Call("Unsqueeze", [Context(states), _graph.Numbers(0)]);
        string but_last = _graph.Call("Slice", [_graph.Join(contexts, 2), _graph.Numbers(0), _graph.Numbers(-1), _graph.Numbers(0)]);
        string before_t_b_h = _graph.Call("Concat", [first_1_b_h, but_last], OnnxGraph.Attribute("axis", 0));
        return (
            _graph.Call("Transpose", [before_t_b_h], OnnxGraph.Attribute("perm", [1, 0, 2])), Context(next),
            _graph.Call("Concat", [.. next], OnnxGraph.Attribute("axis", 1)));
    }

    /// <summary>The hidden states that the head reads, of all layers' hidden and cell states, side by side.</summary>
    private string Context(IEnumerable<string> states) =>
        _graph.Join([.. states.Where((_, part) => part % 2 == 0).Skip(_shape.FirstContextLayer)], 1);

    private void Score(string contexts_n_h, string targets_n, string batchAndTime, string isRead_b_t)
    {
        var blocks = new OnnxBlocks(_graph, contexts_n_h, RowsPerBlock);
        OnnxGraph block = _graph.Within("block");
        block.Input("block_contexts", Float, "rows", _shape.ContextSize);
        block.Input("block_tokens", Int64, "rows");
        var tokens = new OnnxTokenScores(block, _shape, _head, "block_contexts", "block_tokens");
        block.Output("block_log_likelihoods", tokens.LogLikelihoods, Float, "rows");
        string[] details = tokens.Details(OnnxNames.TopCount);
        block.Output("block_ranks", details[0], Int64, "rows");
        block.Output("block_top_tokens", details[1], Int64, "rows", "top");
        block.Output("block_top_log_probabilities", details[2], Float, "rows", "top");
        string[] scores = blocks.ForEach([blocks.Divide(contexts_n_h, _shape.ContextSize), blocks.Divide(targets_n)], block);

        string logLikelihoods_b_t = _graph.Call("Reshape", [blocks.Join(scores[0]), batchAndTime]);
        _graph.Output(
            OnnxNames.LogLikelihoods, _graph.Call("Where", [isRead_b_t, logLikelihoods_b_t, _graph.Number(0)]), Float, "batch", "time");
        _graph.Output(OnnxNames.Ranks, _graph.Call("Reshape", [blocks.Join(scores[1]), batchAndTime]), Int64, "batch", "time");
        string top = _graph.Call("Concat", [batchAndTime, OnnxNames.TopCount], OnnxGraph.Attribute("axis", 0));
        foreach ((string name, string value, TensorProto.Types.DataType type) in
            new[] { (OnnxNames.TopTokens, scores[2], Int64), (OnnxNames.TopLogProbabilities, scores[3], Float) })
        {
            string joined = blocks.Join(value, OnnxNames.TopCount);
            _graph.Output(name, _graph.Call("Reshape", [joined, top], OnnxGraph.Attribute("allowzero", 1)), type, "batch", "time", "top");
        }
    }

    private string NextWords(string last_b_h)
    {
        var blocks = new OnnxBlocks(_graph, last_b_h, RowsPerBlock);
        OnnxGraph block = _graph.Within("next_block");
        block.Input("next_contexts", Float, "rows", _shape.ContextSize);
        block.Output(
            "block_next_log_probabilities", new OnnxTokenScores(block, _shape, _head, "next_contexts").Distribution(block), Float,
            "rows", _shape.VocabularySize);
        return blocks.Join(blocks.ForEach([blocks.Divide(last_b_h, _shape.ContextSize)], block)[0], _graph.Numbers(_shape.VocabularySize));
    }

    private string IsRead(string lengths_b, string time)
    {
        string steps_t = _graph.Call("Range", [_graph.Scalar(0), _graph.Call("Squeeze", [time]), _graph.Scalar(1)]);
        return _graph.Call(
            "Less", [_graph.Call("Unsqueeze", [steps_t, _graph.Numbers(0)]), _graph.Call("Unsqueeze", [lengths_b, _graph.Numbers(1)])]);
    }

    // One softmax and a mixture of contexts have one logit for each word; Mixtape has one for each expert of frequent words.
    private long RowsPerBlock
    {
        get
        {
            long experts = _shape.HasExperts && _shape.Head != LanguageModelHead.MixtureOfContexts ? _shape.Experts : 1;
            return Math.Max(1, BlockBytes / (sizeof(float) * experts * _shape.VocabularySize));
        }
    }

    private string Part(string sizes, long index) => _graph.Call("Slice", [sizes, _graph.Numbers(index), _graph.Numbers(index + 1)]);
}
