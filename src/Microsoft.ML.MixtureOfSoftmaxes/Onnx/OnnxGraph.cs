using System.Runtime.InteropServices;
using global::Onnx;
using Google.Protobuf;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Onnx;

/// <summary>
/// A graph in the making: operators are called like functions, from names of values to the name of a new one. The body of a loop is a graph
/// within, which sees the values of the outer one; constants are the outermost's.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly OnnxGraph? _outer;
    private readonly HashSet<string> _shared = [];
    private int _values;

    private OnnxGraph(string name, OnnxGraph? outer)
    {
        _outer = outer;
        Proto.Name = name;
    }

    public OnnxGraph(string name) : this(name, null)
    {
    }

    public GraphProto Proto { get; } = new();

    private OnnxGraph Outermost => _outer?.Outermost ?? this;

    /// <summary>The graph of a loop's body or of a branch.</summary>
    public OnnxGraph Within(string name) => new(name, this);

    /// <summary>A node with one output.</summary>
    public string Call(string type, string[] inputs, params AttributeProto[] attributes) => Call(type, 1, inputs, attributes)[0];

    /// <summary>A node with several outputs.</summary>
    public string[] Call(string type, int outputs, string[] inputs, params AttributeProto[] attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => NewName(type))];
        var node = new NodeProto { OpType = type, Name = names[0] };
        node.Input.Add(inputs);
        node.Output.Add(names);
        node.Attribute.Add(attributes);
        Proto.Node.Add(node);
        return names;
    }

    /// <summary>Values side by side along an axis; one by itself stays what it is.</summary>
    public string Join(IReadOnlyList<string> values, long axis) =>
        values.Count == 1 ? values[0] : Call("Concat", [.. values], Attribute("axis", axis));

    /// <summary>A constant vector of integers, the same one for the same numbers.</summary>
    public string Numbers(params long[] values) => Shared(
        $"int64s_{string.Join('_', values)}", TensorProto.Types.DataType.Int64, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()));

    /// <summary>A constant integer.</summary>
    public string Scalar(long value) =>
        Shared($"int64_{value}", TensorProto.Types.DataType.Int64, [], MemoryMarshal.AsBytes(new ReadOnlySpan<long>(ref value)));

    /// <summary>A constant number.</summary>
    public string Number(float value) => Shared(
        FormattableString.Invariant($"float_{value:R}"), TensorProto.Types.DataType.Float, [],
        MemoryMarshal.AsBytes(new ReadOnlySpan<float>(ref value)));

    /// <summary>A constant byte.</summary>
    public string Byte(byte value) => Shared($"uint8_{value}", TensorProto.Types.DataType.Uint8, [], new ReadOnlySpan<byte>(ref value));

    /// <summary>A constant in float32.</summary>
    public string Constant(string name, Tensor values)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor onCpu = values.detach().to(ScalarType.Float32).cpu().contiguous();
        return Constant(name, TensorProto.Types.DataType.Float, onCpu.shape, onCpu.bytes);
    }

    /// <summary>A constant of places in something.</summary>
    public string Places(string name, Tensor values)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor onCpu = values.cpu().contiguous();
        return Constant(name, TensorProto.Types.DataType.Int64, onCpu.shape, onCpu.bytes);
    }

    /// <summary>A constant of bytes.</summary>
    public string Bytes(string name, Tensor values)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor onCpu = values.cpu().contiguous();
        return Constant(name, TensorProto.Types.DataType.Uint8, onCpu.shape, onCpu.bytes);
    }

    public void Input(string name, TensorProto.Types.DataType type, params object[] dimensions) => Proto.Input.Add(Describe(name, type, dimensions));

    /// <summary>An input that has a value where none is given.</summary>
    public void Optional(string name, Tensor value, params object[] dimensions)
    {
        Input(name, TensorProto.Types.DataType.Float, dimensions);
        Constant(name, value);
    }

    /// <inheritdoc cref="Optional(string, TorchSharp.torch.Tensor, object[])"/>
    public void Optional(string name, long value, params object[] dimensions)
    {
        Input(name, TensorProto.Types.DataType.Int64, dimensions);
        Constant(name, TensorProto.Types.DataType.Int64, [1], MemoryMarshal.AsBytes(new ReadOnlySpan<long>(ref value)));
    }

    /// <summary>Gives a value out under a name of its own.</summary>
    public void Output(string name, string value, TensorProto.Types.DataType type, params object[] dimensions)
    {
        var node = new NodeProto { OpType = "Identity", Name = name };
        node.Input.Add(value);
        node.Output.Add(name);
        Proto.Node.Add(node);
        Proto.Output.Add(Describe(name, type, dimensions));
    }

    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Attribute(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }

    public static AttributeProto Attribute(string name, OnnxGraph body) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = body.Proto };

    public static AttributeProto Attribute(string name, TensorProto value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Tensor, T = value };

    public static TensorProto Values(string name, TensorProto.Types.DataType type, IEnumerable<long> shape, ReadOnlySpan<byte> values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(values) };
        tensor.Dims.Add(shape);
        return tensor;
    }

    private string Shared(string name, TensorProto.Types.DataType type, IEnumerable<long> shape, ReadOnlySpan<byte> values) =>
        Outermost._shared.Add(name) ? Constant(name, type, shape, values) : name;

    private string Constant(string name, TensorProto.Types.DataType type, IEnumerable<long> shape, ReadOnlySpan<byte> values)
    {
        Outermost.Proto.Initializer.Add(Values(name, type, shape, values));
        return name;
    }

    /// <param name="name">The value.</param>
    /// <param name="type">Of its elements.</param>
    /// <param name="dimensions">A number for a fixed size, a name for a free one.</param>
    private static ValueInfoProto Describe(string name, TensorProto.Types.DataType type, object[] dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(dimensions.Select(size => size is string free
            ? new TensorShapeProto.Types.Dimension { DimParam = free }
            : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(size, null) }));
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)type, Shape = shape } } };
    }

    // Names are unique in the whole model: a graph within may not hide the values of the outer one.
    private string NewName(string type) => $"{type}_{Outermost._values++}";
}
