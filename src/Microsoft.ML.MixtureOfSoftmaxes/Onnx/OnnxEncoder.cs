using global::Onnx;
using Microsoft.ML.MixtureOfSoftmaxes.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>The LSTM layers in a graph. Hidden states are between -1 and 1, which the products with them in 8 bits go by.</summary>
/// <param name="graph">The outermost graph.</param>
/// <param name="shape">The sizes.</param>
/// <param name="weights">The network's weights by name.</param>
/// <param name="precision">In which numbers they stand in the file.</param>
internal sealed class OnnxEncoder(
    OnnxGraph graph, NetworkShape shape, IReadOnlyDictionary<string, Tensor> weights, OnnxWeights precision)
{
    // Input, output, forget, cell: where ours stand, which are input, forget, cell, output.
    private static readonly int[] s_gates = [0, 3, 1, 2];

    /// <summary>One layer: x [T, B, in] to the outputs [T, B, out] and the last states, each [B, out].</summary>
    /// <param name="layer">Which.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="range">What |x| cannot exceed.</param>
    /// <param name="hidden">h before, [B, out].</param>
    /// <param name="cell">c before, [B, out].</param>
    /// <param name="lengths">Steps of each column, int64 [B].</param>
    public (string Outputs, string Hidden, string Cell) Call(int layer, string x, double range, string hidden, string cell, string lengths) =>
        precision == OnnxWeights.EightBit
            ? StepByStep(layer, x, range, hidden, cell, lengths)
            : Whole(layer, x, hidden, cell, lengths);

    /// <summary>ONNX's own operator.</summary>
    private (string Outputs, string Hidden, string Cell) Whole(int layer, string x, string hidden, string cell, string lengths)
    {
        // Each weight has a dimension for the direction.
        string Constant(string name, Tensor value) =>
            graph.Constant($"lstm{layer}_{name}", cat([.. s_gates.Select(gate => value.chunk(4)[gate])]).unsqueeze(0));
        string bias = graph.Call(
            "Concat", [Constant("input_bias", Weight(layer, "bias_ih_l0")), Constant("hidden_bias", Weight(layer, "bias_hh_l0"))],
            OnnxGraph.Attribute("axis", 1));
        string[] results = graph.Call(
            "LSTM", 3,
            [
                x, Constant("input", Weight(layer, "weight_ih_l0")), Constant("hidden", Weight(layer, "weight_hh_l0")), bias,
                graph.Call("Cast", [lengths], OnnxGraph.Attribute("to", (long)TensorProto.Types.DataType.Int32)),
                graph.Call("Unsqueeze", [hidden, graph.Numbers(0)]), graph.Call("Unsqueeze", [cell, graph.Numbers(0)]),
            ],
            OnnxGraph.Attribute("hidden_size", shape.Layer(layer).Output));
        return (
            graph.Call("Squeeze", [results[0], graph.Numbers(1)]), graph.Call("Squeeze", [results[1], graph.Numbers(0)]),
            graph.Call("Squeeze", [results[2], graph.Numbers(0)]));
    }

    /// <summary>By products of integers, for which the operator has no variant: those with the inputs all at once, then step by step.</summary>
    private (string Outputs, string Hidden, string Cell) StepByStep(
        int layer, string x, double range, string hidden, string cell, string lengths)
    {
        (int input, int output) = shape.Layer(layer);
        string bias = graph.Constant($"lstm{layer}_bias", Weight(layer, "bias_ih_l0") + Weight(layer, "bias_hh_l0"));
        string rows = graph.Call("Reshape", [x, graph.Numbers(-1, input)]);
        string products = Matrix(layer, "input", "weight_ih_l0").Multiply(graph, rows, range, bias);
        string steps = graph.Call("Slice", [graph.Call("Shape", [x]), graph.Numbers(0), graph.Numbers(2)]);
        string byStep = graph.Call(
            "Reshape", [products, graph.Call("Concat", [steps, graph.Numbers(4 * output)], OnnxGraph.Attribute("axis", 0))]);
        OnnxGraph body = Step(layer, output);
        string[] results = graph.Call(
            "Scan", 3, [hidden, cell, byStep, IsRead(x, lengths)], OnnxGraph.Attribute("num_scan_inputs", 2), OnnxGraph.Attribute("body", body));
        return (results[2], results[0], results[1]);
    }

    private OnnxGraph Step(int layer, int output)
    {
        OnnxGraph step = graph.Within($"lstm{layer}_step");
        string Name(string value) => $"lstm{layer}_{value}";
        string Unary(string type, string x) => step.Call(type, [x]);
        step.Input(Name("h"), TensorProto.Types.DataType.Float, "batch", output);
        step.Input(Name("c"), TensorProto.Types.DataType.Float, "batch", output);
        step.Input(Name("x"), TensorProto.Types.DataType.Float, "batch", 4 * output);
        step.Input(Name("is_read"), TensorProto.Types.DataType.Bool, "batch", 1);
        string recurrent = Matrix(layer, "hidden", "weight_hh_l0").Multiply(step, Name("h"), 1);
        string[] gates = step.Call(
            "Split", 4, [step.Call("Add", [Name("x"), recurrent])], OnnxGraph.Attribute("axis", 1));
        string kept = step.Call("Mul", [Unary("Sigmoid", gates[1]), Name("c")]);
        string added = step.Call("Mul", [Unary("Sigmoid", gates[0]), Unary("Tanh", gates[2])]);
        string cell = step.Call("Add", [kept, added]);
        string hidden = step.Call("Mul", [Unary("Sigmoid", gates[3]), Unary("Tanh", cell)]);
        step.Output(
            Name("next_h"), step.Call("Where", [Name("is_read"), hidden, Name("h")]), TensorProto.Types.DataType.Float, "batch", output);
        step.Output(Name("next_c"), step.Call("Where", [Name("is_read"), cell, Name("c")]), TensorProto.Types.DataType.Float, "batch", output);
        step.Output(Name("output"), hidden, TensorProto.Types.DataType.Float, "batch", output);
        return step;
    }

    /// <summary>Whether a step is among those of its column, [T, B, 1].</summary>
    private string IsRead(string x, string lengths)
    {
        string time = graph.Call("Squeeze", [graph.Call("Slice", [graph.Call("Shape", [x]), graph.Numbers(0), graph.Numbers(1)])]);
        string steps = graph.Call("Range", [graph.Scalar(0), time, graph.Scalar(1)]);
        string isRead_t_b = graph.Call(
            "Less", [graph.Call("Unsqueeze", [steps, graph.Numbers(1)]), graph.Call("Unsqueeze", [lengths, graph.Numbers(0)])]);
        return graph.Call("Unsqueeze", [isRead_t_b, graph.Numbers(2)]);
    }

    private OnnxMatrix Matrix(int layer, string name, string weight) =>
        OnnxMatrix.Create(graph, $"lstm{layer}_{name}", Weight(layer, weight), precision);

    private Tensor Weight(int layer, string name) => weights[$"encoder.layer{layer}.lstm.{name}"];
}
