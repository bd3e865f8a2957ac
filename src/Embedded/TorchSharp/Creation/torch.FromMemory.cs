using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Every constructor from managed data ends here: the data is copied, then converted and moved.</summary>
    private static unsafe Tensor FromMemory<T>(
        ReadOnlySpan<T> data, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad,
        string[]? names = null)
        where T : unmanaged
    {
        long size = 1;
        foreach (long length in dimensions) size *= length;
        if (size != data.Length)
            throw new ArgumentException(
                $"{data.Length} elements do not fill a tensor of shape [{string.Join(", ", dimensions.ToArray())}].");
        device = InitializeDevice(device);
        var type = Tensor.ElementType<T>()!.Value;
        nint created;
        fixed (T* start = data)
        fixed (long* sizes = dimensions)
            LibTorch.Check(LibTorch.mos_tensor_from_memory(start, sizes, dimensions.Length, (int)type, &created));
        var tensor = new Tensor(created, (int)Math.Min(int.MaxValue, data.Length * (long)sizeof(T) >> 10));
        if (device.type != DeviceType.CPU || (dtype ?? type) != type) tensor = tensor.to(dtype ?? type, device, disposeAfter: true);
        return Made(tensor, requires_grad, names);
    }

    private static Tensor Made(Tensor tensor, bool requires_grad, string[]? names = null)
    {
        if (names is not null) throw new NotSupportedException("Named dimensions are not part of the embedded TorchSharp.");
        if (requires_grad) tensor.requires_grad = true;
        return tensor;
    }
}
