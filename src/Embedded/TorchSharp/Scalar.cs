using TorchSharp.Native;

namespace TorchSharp;

/// <summary>A number with its type, as operators take it beside tensors.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(Tag tag, long bits, torch.ScalarType type) => (Tag, Bits, Type) = (tag, bits, type);

    internal Scalar(in Value value)
        : this(value.Tag, value.Bits, value.Tag switch
        {
            Tag.Double => torch.ScalarType.Float64,
            Tag.Bool => torch.ScalarType.Bool,
            _ => torch.ScalarType.Int64,
        })
    {
    }

    public torch.ScalarType Type { get; }

    internal Tag Tag { get; }

    internal long Bits { get; }

    public static implicit operator Scalar(byte value) => Integer(value, torch.ScalarType.Byte);
    public static implicit operator Scalar(sbyte value) => Integer(value, torch.ScalarType.Int8);
    public static implicit operator Scalar(short value) => Integer(value, torch.ScalarType.Int16);
    public static implicit operator Scalar(int value) => Integer(value, torch.ScalarType.Int32);
    public static implicit operator Scalar(long value) => Integer(value, torch.ScalarType.Int64);
    public static implicit operator Scalar(Half value) => Real((double)value, torch.ScalarType.Float16);
    public static implicit operator Scalar(float value) => Real(value, torch.ScalarType.Float32);
    public static implicit operator Scalar(double value) => Real(value, torch.ScalarType.Float64);
    public static implicit operator Scalar(bool value) => new(Tag.Bool, value ? 1 : 0, torch.ScalarType.Bool);

    internal static Scalar BFloat16(float value) => Real(value, torch.ScalarType.BFloat16);

    internal double AsDouble => Tag == Tag.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    internal long AsInt64 => Tag == Tag.Double ? (long)BitConverter.Int64BitsToDouble(Bits) : Bits;

    /// <summary>Nothing to release; the official class holds a native object here.</summary>
    public void Dispose()
    {
    }

    private static Scalar Integer(long value, torch.ScalarType type) => new(Tag.Int, value, type);

    private static Scalar Real(double value, torch.ScalarType type) =>
        new(Tag.Double, BitConverter.DoubleToInt64Bits(value), type);
}
