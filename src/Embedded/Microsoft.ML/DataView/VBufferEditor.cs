namespace Microsoft.ML.Data;

/// <summary>Writes a <see cref="VBuffer{T}"/>, reusing the arrays of the one it will replace.</summary>
public static class VBufferEditor
{
    public static VBufferEditor<T> CreateFromBuffer<T>(scoped ref VBuffer<T> destination) => destination.GetEditor();

    /// <summary>
    /// An editor for a vector of <paramref name="newLogicalLength"/>, dense unless <paramref name="valuesCount"/> is smaller.
    /// The new values are undefined except, with <paramref name="keepOldOnResize"/>, the old ones.
    /// </summary>
    public static VBufferEditor<T> Create<T>(
        scoped ref VBuffer<T> destination,
        int newLogicalLength,
        int? valuesCount = null,
        int? maxValuesCapacity = null,
        bool keepOldOnResize = false,
        bool requireIndicesOnDense = false) =>
        destination.GetEditor(newLogicalLength, valuesCount, maxValuesCapacity, keepOldOnResize, requireIndicesOnDense);
}

/// <summary>The writable values and indices; <see cref="Commit"/> makes the vector.</summary>
public readonly ref struct VBufferEditor<T>
{
    public readonly Span<T> Values;
    public readonly Span<int> Indices;

    private readonly int _length;
    private readonly T[] _values;
    private readonly int[]? _indices;

    internal VBufferEditor(
        T[]? values, int[]? indices, int length, int? valuesCount, int? maxCapacity, bool keepOld, bool requireIndicesOnDense)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length, "newLogicalLength");
        int count = valuesCount ?? length;
        if (count < 0 || count > length)
            throw new ArgumentOutOfRangeException(nameof(valuesCount), $"{count} values do not fit a vector of length {length}.");

        _length = length;
        _values = EnsureSize(values, count, maxCapacity, keepOld, out bool createdValues);
        CreatedNewValues = createdValues;
        _indices = indices;
        if (count < length || requireIndicesOnDense)
        {
            _indices = EnsureSize(indices, count, maxCapacity, keepOld, out bool createdIndices);
            CreatedNewIndices = createdIndices;
            Indices = _indices.AsSpan(0, count);
        }

        Values = _values.AsSpan(0, count);
    }

    public bool CreatedNewValues { get; }

    public bool CreatedNewIndices { get; }

    public VBuffer<T> Commit() => new(_length, Values.Length, _values, _indices!);

    /// <summary>Keeps the first values only, which makes a dense vector sparse.</summary>
    public VBuffer<T> CommitTruncated(int physicalValuesCount)
    {
        if (physicalValuesCount > Values.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(physicalValuesCount),
                $"The editor was created for {Values.Length} values, fewer than {physicalValuesCount}.");
        }

        return new(_length, physicalValuesCount, _values, _indices!);
    }

    private static TItem[] EnsureSize<TItem>(TItem[]? array, int min, int? max, bool keepOld, out bool created)
    {
        created = array is null || array.Length < min;
        if (!created)
            return array!;

        // Doubling keeps a buffer that grows row by row from being allocated at every row.
        int doubled = (int)Math.Min(2L * (array?.Length ?? 0), Array.MaxLength);
        var grown = new TItem[Math.Max(min, Math.Min(doubled, max ?? Array.MaxLength))];
        if (keepOld && array is not null)
            array.CopyTo(grown, 0);
        return grown;
    }
}
