using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>Memory that is kept between calls: fresh large memory costs more than the arithmetic on it.</summary>
internal sealed class KeptTensor : IDisposable
{
    private Tensor? _memory;

    /// <summary>So many elements, of any values, until the next call.</summary>
    public Tensor Take(ScalarType type, params long[] shape) => TakeOn(CPU, type, shape);

    /// <summary>The same on a device.</summary>
    public Tensor TakeOn(Device device, ScalarType type, params long[] shape)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        if (_memory is null || _memory.numel() < count || _memory.dtype != type || !IsOn(device))
        {
            // What there was goes first, and is forgotten, should there be no memory for more.
            Dispose();
            _memory = empty(count, type, device).DetachFromDisposeScope();
        }

        using Tensor flat = _memory.narrow(0, 0, count);
        return flat.view(shape);
    }

    private bool IsOn(Device device) =>
        _memory!.device_type == device.type && (device.type == TorchSharp.DeviceType.CPU || _memory.device_index == device.index);

    public void Dispose()
    {
        _memory?.Dispose();
        _memory = null;
    }
}
