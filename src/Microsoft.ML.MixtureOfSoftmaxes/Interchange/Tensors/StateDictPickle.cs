using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interchange;

/// <summary>
/// A state dict's pickle to the tensors in it. A pickle may name any function of Python and have it called; here the names stand for nothing but
/// what a state dict needs, so nothing is run, and the first other one is an error that says which.
/// </summary>
internal static class StateDictPickle
{
    private const string Remedy =
        "A state dict is read, not a whole model. Save that, in Python, where the model's classes are: " +
        "torch.save(torch.load('model.pt', map_location='cpu').state_dict(), 'state.pt').";

    private static readonly Dictionary<string, (ScalarType Type, int Size)> s_storages = new()
    {
        ["FloatStorage"] = (ScalarType.Float32, 4),
        ["DoubleStorage"] = (ScalarType.Float64, 8),
        ["HalfStorage"] = (ScalarType.Float16, 2),
        ["BFloat16Storage"] = (ScalarType.BFloat16, 2),
        ["LongStorage"] = (ScalarType.Int64, 8),
        ["IntStorage"] = (ScalarType.Int32, 4),
        ["ByteStorage"] = (ScalarType.Byte, 1),
        ["BoolStorage"] = (ScalarType.Bool, 1),
    };

    /// <exception cref="InvalidDataException">It is no state dict, or damaged.</exception>
    public static IReadOnlyDictionary<string, PickledTensor> Read(byte[] pickle)
    {
        try
        {
            object? saved = new PickleReader(pickle, Name, Call, Refer).Read();
            return saved is Dictionary<string, object?> entries
                ? entries.ToDictionary(entry => entry.Key, entry => entry.Value as PickledTensor ?? throw NoTensor(entry.Key))
                : throw new InvalidDataException($"It holds no dictionary of tensors. {Remedy}");
        }
        catch (Exception e) when (e is InvalidCastException or NullReferenceException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException($"Its 'data.pkl' is not that of a state dict, or damaged. {Remedy}", e);
        }
    }

    private static object Name(string module, string name) => (module, name) switch
    {
        ("collections", "OrderedDict") => Function.OrderedDictionary,
        ("torch._utils", "_rebuild_tensor_v2") => Function.Tensor,
        ("torch._utils", "_rebuild_parameter") => Function.Parameter,
        ("torch", _) when s_storages.TryGetValue(name, out (ScalarType Type, int Size) storage) => storage,
        _ => throw new InvalidDataException($"It holds '{module}.{name}', and only tensors are read. {Remedy}"),
    };

    private static object Call(object function, object?[] arguments) => function switch
    {
        Function.OrderedDictionary when arguments.Length == 0 => new Dictionary<string, object?>(),
        Function.Tensor => new PickledTensor(
            (PickledStorage)arguments[0]!, Size(arguments[1]), Sizes(arguments[2]), Sizes(arguments[3])),
        Function.Parameter => (PickledTensor)arguments[0]!,
        _ => throw new InvalidCastException("What is called is no function."),
    };

    // ('storage', type, key, device, count)
    private static object Refer(object?[] id)
    {
        (ScalarType type, int size) = ((ScalarType, int))id[1]!;
        return new PickledStorage((string)id[2]!, type, size, Size(id[4]));
    }

    private static long[] Sizes(object? tuple) => [.. ((object?[])tuple!).Select(Size)];

    private static long Size(object? number) => number is long and >= 0 and <= int.MaxValue
        ? (long)number
        : throw new InvalidCastException("A size is negative or too large.");

    private static InvalidDataException NoTensor(string key) => new(
        $"Its entry '{key}' is no tensor. Save the state dict alone, in Python: torch.save(torch.load('checkpoint.pt', map_location='cpu')[KEY], " +
        "'state.pt'), with the KEY of the state dict.");

    private enum Function
    {
        OrderedDictionary,
        Tensor,
        Parameter,
    }
}
