using System.Runtime.CompilerServices;
using System.Text;

namespace TorchSharp.Native;

/// <summary>
/// An argument on its way to an operator. It holds the managed object, so that nothing is collected during the call.
/// </summary>
internal readonly struct Arg
{
    private readonly object? _owner;
    private readonly long _bits;
    private readonly Tag _tag;

    private Arg(Tag tag, long bits, object? owner = null) => (_tag, _bits, _owner) = (tag, bits, owner);

    /// <summary>Leaves the argument at the default of its schema.</summary>
    internal static Arg Default => new(Tag.Default, 0);

    internal static Arg None => default;

    public static implicit operator Arg(torch.Tensor? tensor) =>
        tensor is null ? default : new(Tag.Tensor, tensor.Handle, tensor);
    public static implicit operator Arg(torch.Generator? value) =>
        value is null ? default : new(Tag.Generator, value.Handle, value);
    public static implicit operator Arg(Scalar? scalar) => scalar is null ? default : new(scalar.Tag, scalar.Bits);
    public static implicit operator Arg(bool value) => new(Tag.Bool, value ? 1 : 0);
    public static implicit operator Arg(long value) => new(Tag.Int, value);
    public static implicit operator Arg(long? value) => value is { } number ? new(Tag.Int, number) : default;
    public static implicit operator Arg(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Arg(double? value) => value is { } number ? (Arg)number : default;
    public static implicit operator Arg(torch.ScalarType value) => new(Tag.Int, (long)value);
    public static implicit operator Arg(torch.ScalarType? value) => value is { } type ? new(Tag.Int, (long)type) : default;
    public static implicit operator Arg(torch.Device? value) =>
        value is null ? default : new(Tag.Device, (uint)value.type | ((long)value.index << 32));
    public static implicit operator Arg(string? value) => value is null ? default : new(Tag.String, 0, value);
    public static implicit operator Arg(long[]? values) => values is null ? default : new(Tag.IntList, 0, values);
    public static implicit operator Arg(torch.Tensor[] tensors) => new(Tag.TensorList, 0, tensors);

    internal static Arg Optional(torch.Tensor?[] tensors) => new(Tag.OptionalTensors, 0, tensors);

    internal torch.Tensor Tensor => (torch.Tensor)_owner!;

    /// <summary>Eight-byte words that the contents of a list or string take.</summary>
    internal int Words => HasContents ? CountWords() : 0;

    private bool HasContents => _tag is Tag.String or Tag.IntList or Tag.TensorList or Tag.OptionalTensors;

    private int CountWords() =>
        _owner is string text ? (Encoding.UTF8.GetMaxByteCount(text.Length) + 7) / 8 : ((Array)_owner!).Length;

    /// <summary>
    /// Writes the native form to <paramref name="value"/>, contents to <paramref name="scratch"/>; returns the words used.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal unsafe int Write(Value* value, long* scratch)
    {
        *value = new Value { Tag = _tag, Bits = _bits };
        return HasContents ? WriteContents(value, scratch) : 0;
    }

    private unsafe int WriteContents(Value* value, long* scratch)
    {
        int words = Words;
        value->Bits = (nint)scratch;
        value->Length = words;
        if (_owner is string text)
            value->Length = Encoding.UTF8.GetBytes(text, new Span<byte>(scratch, words * 8));
        else if (_owner is long[] numbers)
            numbers.CopyTo(new Span<long>(scratch, words));
        else
            for (int i = 0; i < words; i++)
                scratch[i] = ((torch.Tensor?[])_owner!)[i]?.Handle ?? 0;
        return words;
    }

    /// <summary>Keeps the managed object reachable up to here.</summary>
    internal void KeepAlive() => GC.KeepAlive(_owner);
}
