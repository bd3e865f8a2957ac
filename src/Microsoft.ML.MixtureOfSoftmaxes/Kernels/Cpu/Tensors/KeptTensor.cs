using static TorchSharp.torch;

namespace Microsoft.ML.MixtureOfSoftmaxes.Kernels;

/// <summary>Memory that is kept between calls: fresh large memory costs more than the arithmetic on it.</summary>
internal sealed class KeptTensor : IDisposable
{
    private Tensor? _memory;

    /// <summary>So many elements, of any values, until the next call.</summary>
    public Tensor Take(ScalarType type, params long[] shape)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        if (_memory is null || _memory.numel() < count || _memory.dtype != type)
        {
            _memory?.Dispose();
            _memory = empty(count, type).DetachFromDisposeScope();
        }

        using Tensor flat = _memory.narrow(0, 0, count);
        return flat.view(shape);
    }

    public void Dispose() => _memory?.Dispose();
}
