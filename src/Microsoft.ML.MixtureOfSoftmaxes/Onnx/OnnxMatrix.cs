using global::Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>Weights [out, in] in a graph, and the products with them.</summary>
internal abstract class OnnxMatrix
{
    /// <param name="graph">The outermost graph.</param>
    /// <param name="name">The weights' name.</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="precision">In which numbers they stand in the file.</param>
    public static OnnxMatrix Create(OnnxGraph graph, string name, Tensor weight, OnnxWeights precision) =>
        precision == OnnxWeights.EightBit ? new EightBit(graph, name, weight) : new Float(graph.Constant(name, weight));

    /// <summary>The largest absolute value.</summary>
    public abstract double Range { get; }

    /// <summary>x [n, in] to x W' + b, [n, out].</summary>
    /// <param name="graph">Where the nodes go.</param>
    /// <param name="x">The input.</param>
    /// <param name="range">What |x| cannot exceed; null where nothing is known.</param>
    /// <param name="bias">b; null for none.</param>
    public abstract string Multiply(OnnxGraph graph, string x, double? range, string? bias = null);

    /// <summary>Rows by number: ids [...] to [..., in].</summary>
    public abstract string Gather(OnnxGraph graph, string ids, int dimensions);

    /// <summary>The rows from one on, up to another, or every so many of them.</summary>
    public abstract OnnxMatrix Rows(OnnxGraph graph, long start, long end, long step = 1);

    private sealed class Float(string weight) : OnnxMatrix
    {
        public override double Range => double.PositiveInfinity;

        public override string Multiply(OnnxGraph graph, string x, double? range, string? bias = null) =>
            graph.Call("Gemm", [x, weight, .. bias is null ? Array.Empty<string>() : [bias]], OnnxGraph.Attribute("transB", 1));

        public override string Gather(OnnxGraph graph, string ids, int dimensions) => graph.Call("Gather", [weight, ids]);

        public override OnnxMatrix Rows(OnnxGraph graph, long start, long end, long step = 1) =>
            new Float(graph.Call("Slice", [weight, graph.Numbers(start), graph.Numbers(end), graph.Numbers(0), graph.Numbers(step)]));
    }

    /// <summary>
    /// W' as bytes, [in, out], with a scale for each output; the zero is 128. Products are of integers and exact, so that they are the same on
    /// every processor: ONNX Runtime adds products of signed bytes up in 16 bits where there is nothing better, and these overflow.
    /// </summary>
    private sealed class EightBit : OnnxMatrix
    {
        private const int Zero = 128;
        private const int Largest = 127;

        private readonly string _weight_i_o;
        private readonly string _scale_o;

        public EightBit(OnnxGraph graph, string name, Tensor weight_o_i)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable noGrad = no_grad();
            Tensor largest_o_1 = weight_o_i.abs().amax([1], keepdim: true);
            Tensor scale_o_1 = (largest_o_1 / Largest).clamp_min(float.Epsilon * Largest);
            _weight_i_o = graph.Bytes(name, ((weight_o_i / scale_o_1).round().clamp(-Largest, Largest) + Zero).to(ScalarType.Byte).t());
            _scale_o = graph.Constant(name + "_scale", scale_o_1.flatten());
            Range = largest_o_1.max().item<float>();
        }

        private EightBit(string weight_i_o, string scale_o, double range)
        {
            _weight_i_o = weight_i_o;
            _scale_o = scale_o;
            Range = range;
        }

        public override double Range { get; }

        public override string Multiply(OnnxGraph graph, string x, double? range, string? bias = null)
        {
            (string bytes, string scale, string zero) = Quantize(graph, x, range);
            string sums = graph.Call("MatMulInteger", [bytes, _weight_i_o, zero, graph.Byte(Zero)]);
            string product = graph.Call(
                "Mul", [Cast(graph, sums), graph.Call("Mul", [scale, _scale_o])]);
            return bias is null ? product : graph.Call("Add", [product, bias]);
        }

        public override string Gather(OnnxGraph graph, string ids, int dimensions)
        {
            string bytes = graph.Call("Gather", [_weight_i_o, ids], OnnxGraph.Attribute("axis", 1));
            long[] inputLast = [.. Enumerable.Range(1, dimensions), 0];
            string last = graph.Call("Transpose", [bytes], OnnxGraph.Attribute("perm", inputLast));
            string centred = graph.Call("Sub", [Cast(graph, last), graph.Number(Zero)]);
            string scale = graph.Call("Unsqueeze", [graph.Call("Gather", [_scale_o, ids]), graph.Numbers(-1)]);
            return graph.Call("Mul", [centred, scale]);
        }

        public override OnnxMatrix Rows(OnnxGraph graph, long start, long end, long step = 1) => new EightBit(
            graph.Call("Slice", [_weight_i_o, graph.Numbers(start), graph.Numbers(end), graph.Numbers(1), graph.Numbers(step)]),
            graph.Call("Slice", [_scale_o, graph.Numbers(start), graph.Numbers(end), graph.Numbers(0), graph.Numbers(step)]),
            Range);

        // Where the range is known, a row's bytes do not depend on the rows beside it.
        private static (string Bytes, string Scale, string Zero) Quantize(OnnxGraph graph, string x, double? range)
        {
            if (range is double largest)
            {
                string scale = graph.Number((float)(largest / Largest));
                return (graph.Call("QuantizeLinear", [x, scale, graph.Byte(Zero)]), scale, graph.Byte(Zero));
            }

            string[] dynamic = graph.Call("DynamicQuantizeLinear", 3, [x]);
            return (dynamic[0], dynamic[1], dynamic[2]);
        }

        private static string Cast(OnnxGraph graph, string x) =>
            graph.Call("Cast", [x], OnnxGraph.Attribute("to", (long)TensorProto.Types.DataType.Float));
    }
}
