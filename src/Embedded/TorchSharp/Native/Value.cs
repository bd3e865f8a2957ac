using System.Runtime.InteropServices;

namespace TorchSharp.Native;

internal enum Tag
{
    None,
    Tensor,
    Int,
    Double,
    Bool,
    String,
    Device,
    IntList,
    DoubleList,
    TensorList,
    OptionalTensors,
    Generator,
    Default,
}

/// <summary>One argument or result of an operator, laid out as `Value` in door.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Value
{
    public Tag Tag;
    public int Length;
    public long Bits;

    public readonly double Number => BitConverter.Int64BitsToDouble(Bits);
}

/// <summary>What a tensor is, laid out as `Description` in door.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Description
{
    public long Elements;
    public long ElementSize;
    public long StorageOffset;
    public int Dimensions;
    public sbyte DType;
    public sbyte DeviceType;
    public sbyte DeviceIndex;
    private readonly byte _flags;

    public readonly bool IsContiguous => (_flags & 1) != 0;
    public readonly bool RequiresGrad => (_flags & 2) != 0;
    public readonly bool IsSparse => (_flags & 4) != 0;
}
