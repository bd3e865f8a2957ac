using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>
/// A vector value, dense or sparse, on arrays it may share with the buffer it is copied to: fill one through
/// <see cref="VBufferEditor"/> and copy with <c>CopyTo</c>, never by assignment.
/// </summary>
public readonly struct VBuffer<T> : IEnumerable
{
    /// <summary>The logical length: implicit values of a sparse vector included.</summary>
    public readonly int Length;

    private readonly T[]? _values;
    private readonly int[]? _indices;
    private readonly int _count;

    /// <summary>A dense vector; <paramref name="indices"/> is kept only as a buffer to reuse.</summary>
    public VBuffer(int length, T[] values, int[]? indices = null)
        : this(length, length, values, indices!)
    {
    }

    /// <summary>A vector of <paramref name="count"/> explicit values, at increasing indices where it is sparse.</summary>
    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, length);
        if ((values?.Length ?? 0) < count)
            throw new ArgumentOutOfRangeException(nameof(values), $"Fewer than {count} values.");
        if (count < length && (indices?.Length ?? 0) < count)
            throw new ArgumentOutOfRangeException(nameof(indices), $"Fewer than {count} indices.");
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    /// <summary>The explicit values.</summary>
    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    /// <summary>The indices of the explicit values; empty where the vector is dense.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyToDense(ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination) => CopyTo(ref destination, 0, Length);

    /// <summary>Copies a range; a sparse vector stays sparse unless every value of the range is explicit.</summary>
    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        if (sourceIndex < 0 || sourceIndex > Length)
            throw new ArgumentOutOfRangeException(nameof(sourceIndex));
        if (length < 0 || sourceIndex > Length - length)
            throw new ArgumentOutOfRangeException(nameof(length));

        (int start, int end) = IsDense
            ? (sourceIndex, sourceIndex + length)
            : (FirstSlotAtOrAfter(sourceIndex), FirstSlotAtOrAfter(sourceIndex + length));
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length, end - start);
        _values.AsSpan(start, end - start).CopyTo(editor.Values);
        for (int i = 0; i < editor.Indices.Length; i++)
            editor.Indices[i] = _indices![start + i] - sourceIndex;
        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    /// <summary>Copies all values, <paramref name="defaultValue"/> for the implicit ones.</summary>
    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default!)
    {
        if (destinationIndex < 0 || destinationIndex > destination.Length - Length)
            throw new ArgumentOutOfRangeException(nameof(destination), "Not large enough to hold these values.");
        Span<T> target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }

        target.Fill(defaultValue);
        for (int i = 0; i < _count; i++)
            target[_indices![i]] = _values![i];
    }

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        int available = source?.Length ?? 0;
        if (length < 0 || length > available)
            throw new ArgumentOutOfRangeException(nameof(length));
        if (sourceIndex < 0 || sourceIndex > available - length)
            throw new ArgumentOutOfRangeException(nameof(sourceIndex));
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>Index and value of the explicit values, or of <paramref name="all"/>.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        int next = 0;
        for (int i = 0; i < _count; i++, next++)
        {
            int index = IsDense ? i : _indices![i];
            for (; all && next < index; next++)
                yield return new(next, default!);
            yield return new(index, _values![i]);
        }

        for (; all && next < Length; next++)
            yield return new(next, default!);
    }

    public IEnumerable<T> DenseValues() => Items(all: true).Select(item => item.Value);

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        if ((uint)index >= (uint)Length)
            throw new ArgumentOutOfRangeException(nameof(index));
        int slot = IsDense ? index : Array.BinarySearch(_indices ?? [], 0, _count, index);
        return slot < 0 ? default! : _values![slot];
    }

    public IEnumerator GetEnumerator() => (_values ?? []).GetEnumerator();

    public override string ToString() =>
        IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    internal VBufferEditor<T> GetEditor() => GetEditor(Length, _count, null, false, false);

    internal VBufferEditor<T> GetEditor(
        int newLogicalLength, int? valuesCount, int? maxValuesCapacity, bool keepOldOnResize, bool requireIndicesOnDense) =>
        new(_values, _indices, newLogicalLength, valuesCount, maxValuesCapacity, keepOldOnResize, requireIndicesOnDense);

    private int FirstSlotAtOrAfter(int index)
    {
        int slot = Array.BinarySearch(_indices ?? [], 0, _count, index);
        return slot < 0 ? ~slot : slot;
    }
}
