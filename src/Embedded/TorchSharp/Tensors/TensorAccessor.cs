using System.Collections;

namespace TorchSharp.Utils;

/// <summary>
/// The elements of a CPU tensor, in the order of their indices whatever the strides. It keeps the tensor alive.
/// </summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor _tensor;
    private readonly T* _data;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        (_tensor, _shape, _strides, _contiguous) = (tensor, tensor.shape, tensor.stride(), tensor.is_contiguous());
        _data = (T*)tensor.Pointer();
        Count = tensor.numel();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    /// <summary>By one index in row-major order, or by one index a dimension.</summary>
    public T this[params long[] indices]
    {
        get => *Find(indices);
        set => *Find(indices) = value;
    }

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.SequenceEqual(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !left.SequenceEqual(right);

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array);
        return array;
    }

    public Array ToNDArray()
    {
        var array = Array.CreateInstance(typeof(T), _shape.Length == 0 ? [1] : _shape);
        fixed (byte* start = &System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array))
            Transfer(new Span<T>(start, checked((int)Count)), 0, toTensor: false);
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0) =>
        Transfer(array[arrayIndex..], tensorIndex, toTensor: false);

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        CopyFrom(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        fixed (T* start = array[arrayIndex..])
            Transfer(new Span<T>(start, array.Length - arrayIndex), tensorIndex, toTensor: true);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && this == other;

    public override int GetHashCode() => _tensor.GetHashCode();

    public void Dispose() => GC.KeepAlive(_tensor);

    private T At(long index) => _data[Offset(index)];

    private void Transfer(Span<T> memory, long first, bool toTensor)
    {
        int count = (int)Math.Min(memory.Length, Count - first);
        if (_contiguous)
        {
            var elements = new Span<T>(_data + first, count);
            if (toTensor) memory[..count].CopyTo(elements);
            else elements.CopyTo(memory);
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                long offset = Offset(first + i);
                if (toTensor) _data[offset] = memory[i];
                else memory[i] = _data[offset];
            }
        }
        GC.KeepAlive(_tensor);
    }

    private T* Find(long[] indices)
    {
        if (indices.Length == 1 && _shape.Length != 1)
        {
            if (indices[0] < 0 || indices[0] >= Count) throw new IndexOutOfRangeException($"{indices[0]} is not below {Count}.");
            return _data + Offset(indices[0]);
        }
        if (indices.Length != _shape.Length)
            throw new ArgumentException($"{indices.Length} indices for {_shape.Length} dimensions.");
        long offset = 0;
        for (int d = 0; d < indices.Length; d++)
        {
            if (indices[d] < 0 || indices[d] >= _shape[d])
                throw new IndexOutOfRangeException($"{indices[d]} is not below {_shape[d]} in dimension {d}.");
            offset += indices[d] * _strides[d];
        }
        return _data + offset;
    }

    // Where the element of this row-major number lies.
    private long Offset(long index)
    {
        if (_contiguous) return index;
        long offset = 0;
        for (int d = _shape.Length - 1; d >= 0; d--)
        {
            (index, long position) = Math.DivRem(index, _shape[d]);
            offset += position * _strides[d];
        }
        return offset;
    }
}
