namespace TorchSharp;

public static partial class torch
{
    /// <summary>The tensor itself where it has the type and device already.</summary>
    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) =>
        data.to(dtype ?? data.dtype, device ?? data.device);

    public static Tensor as_tensor(int[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        tensor(rawArray, dtype, device);

    public static Tensor as_tensor(long[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        tensor(rawArray, dtype, device);

    public static Tensor as_tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        tensor(rawArray, dtype, device);

    public static Tensor as_tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        tensor(rawArray, dtype, device);

    public static Tensor as_tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        tensor(rawArray, dtype, device);

    /// <summary>A copy of an array of any rank.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static Tensor from_array(
        Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Type.GetTypeCode(rawArray.GetType().GetElementType()) switch
        {
            TypeCode.Byte => FromArray<byte>(rawArray, dtype, device, requires_grad, names),
            TypeCode.SByte => FromArray<sbyte>(rawArray, dtype, device, requires_grad, names),
            TypeCode.Int16 => FromArray<short>(rawArray, dtype, device, requires_grad, names),
            TypeCode.Int32 => FromArray<int>(rawArray, dtype, device, requires_grad, names),
            TypeCode.Int64 => FromArray<long>(rawArray, dtype, device, requires_grad, names),
            TypeCode.Single => FromArray<float>(rawArray, dtype, device, requires_grad, names),
            TypeCode.Double => FromArray<double>(rawArray, dtype, device, requires_grad, names),
            TypeCode.Boolean => FromArray<bool>(rawArray, dtype, device, requires_grad, names),
            _ => throw new NotSupportedException($"No tensor has elements of type {rawArray.GetType().GetElementType()}."),
        };
}
