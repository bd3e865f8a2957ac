using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>Values of one column, kept in numbered slots.</summary>
internal abstract class ColumnStore
{
    public static ColumnStore Create(DataViewType type) => type is VectorDataViewType vector
        ? GenericCall.Invoke<ColumnStore>(CreateVector<int>, vector.ItemType.RawType)
        : GenericCall.Invoke<ColumnStore>(CreateScalar<int>, type.RawType);

    /// <summary>An action that puts the current value of a row's column into a slot.</summary>
    public abstract Action<int> MakeWriter(DataViewRow row, DataViewSchema.Column column);

    /// <summary>A getter of the value in the slot that <paramref name="slot"/> returns.</summary>
    public abstract Delegate MakeGetter(Func<int> slot);

    private static ColumnStore<VBuffer<T>> CreateVector<T>() =>
        new((in VBuffer<T> source, ref VBuffer<T> destination) => source.CopyTo(ref destination));

    private static ColumnStore<T> CreateScalar<T>() => new((in T source, ref T destination) => destination = source);
}

internal sealed class ColumnStore<T>(ColumnStore<T>.Copier copy) : ColumnStore
{
    private T[] _values = [];

    public delegate void Copier(in T source, ref T destination);

    public override Action<int> MakeWriter(DataViewRow row, DataViewSchema.Column column) => MakeWriter(row.GetGetter<T>(column));

    public Action<int> MakeWriter(ValueGetter<T> getter) =>
        slot =>
        {
            if (slot >= _values.Length)
                Array.Resize(ref _values, Math.Max(4, 2 * slot));
            getter(ref _values[slot]);
        };

    public override Delegate MakeGetter(Func<int> slot) => (ValueGetter<T>)((ref T value) => copy(in _values[slot()], ref value));
}
