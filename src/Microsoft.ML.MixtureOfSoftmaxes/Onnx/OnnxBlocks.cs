using global::Onnx;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>
/// Rows of contexts [N, H] taken block by block in a loop of the graph, so that nothing as long as the vocabulary exists for all of them.
/// Blocks are of one size; the last rows of the last one are made up and left out of what comes out, fewer of them than there are blocks.
/// </summary>
internal sealed class OnnxBlocks
{
    private readonly OnnxGraph _graph;
    private readonly string _count;
    private readonly string _made;
    private readonly string _layout;

    /// <param name="graph">The outermost graph.</param>
    /// <param name="rows">A value with N rows.</param>
    /// <param name="rowsPerBlock">The most rows of a block.</param>
    public OnnxBlocks(OnnxGraph graph, string rows, long rowsPerBlock)
    {
        string Rounded(string count, string by) => graph.Call(
            "Div", [graph.Call("Sub", [graph.Call("Add", [count, by]), graph.Numbers(1)]), by]);
        _graph = graph;
        _count = graph.Call("Slice", [graph.Call("Shape", [rows]), graph.Numbers(0), graph.Numbers(1)]);
        string blocks = graph.Call("Max", [Rounded(_count, graph.Numbers(rowsPerBlock)), graph.Numbers(1)]);
        string size = Rounded(_count, blocks);
        _made = graph.Call("Sub", [graph.Call("Mul", [blocks, size]), _count]);
        _layout = Concat(blocks, size);
    }

    /// <summary>[N, …] by blocks, [blocks, rows, …].</summary>
    public string Divide(string rows, params long[] shape)
    {
        IEnumerable<string> none = Enumerable.Repeat(_graph.Numbers(0), shape.Length);
        string padding = Concat([_graph.Numbers(0), .. none, _made, .. none]);
        string padded = _graph.Call("Pad", [rows, padding]);
        string layout = shape.Length == 0 ? _layout : Concat(_layout, _graph.Numbers(shape));
        return _graph.Call("Reshape", [padded, layout], OnnxGraph.Attribute("allowzero", 1));
    }

    /// <summary>What each block gives, [blocks, rows, …], as it was, [N, …].</summary>
    /// <param name="blocks">The value.</param>
    /// <param name="shape">The names of the sizes after the rows, int64 [1] each.</param>
    public string Join(string blocks, params string[] shape)
    {
        string all = _graph.Call("Add", [_count, _made]);
        string rows = _graph.Call(
            "Reshape", [blocks, shape.Length == 0 ? all : Concat([all, .. shape])], OnnxGraph.Attribute("allowzero", 1));
        return _graph.Call("Slice", [rows, _graph.Numbers(0), _count, _graph.Numbers(0)]);
    }

    /// <summary>A loop over what was divided; its outputs are by blocks.</summary>
    public string[] ForEach(string[] divided, OnnxGraph body) => _graph.Call(
        "Scan", body.Proto.Output.Count, divided, OnnxGraph.Attribute("num_scan_inputs", divided.Length), OnnxGraph.Attribute("body", body));

    private string Concat(params string[] parts) => _graph.Call("Concat", parts, OnnxGraph.Attribute("axis", 0));
}
