using Microsoft.ML.Data;

namespace Microsoft.ML.MixtureOfSoftmaxes.Scoring;

/// <summary>Keeps the active columns of rows that a cursor has passed: values, ids, positions.</summary>
internal sealed class RowBuffer
{
    private readonly DataViewRowCursor _input;
    private readonly Column?[] _columns;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _positions;
    private readonly long[] _batches;

    public RowBuffer(DataViewRowCursor input, int capacity)
    {
        _input = input;
        _columns = [.. input.Schema.Select(column => input.IsColumnActive(column) ? Column.Create(input, column, capacity) : null)];
        _idGetter = input.GetIdGetter();
        _ids = new DataViewRowId[capacity];
        _positions = new long[capacity];
        _batches = new long[capacity];
    }

    /// <summary>Takes the row the cursor stands at into a slot.</summary>
    public void Capture(int slot)
    {
        _idGetter(ref _ids[slot]);
        _positions[slot] = _input.Position;
        _batches[slot] = _input.Batch;
        foreach (Column? column in _columns)
        {
            column?.Capture(slot);
        }
    }

    public DataViewRowId Id(int slot) => _ids[slot];

    public long Position(int slot) => _positions[slot];

    public long Batch(int slot) => _batches[slot];

    /// <summary>A getter over the slot that <paramref name="current"/> tells; null if the column is not active.</summary>
    public Delegate? Getter(DataViewSchema.Column column, Func<int> current) => _columns[column.Index]?.Getter(current);

    private abstract class Column
    {
        public abstract void Capture(int slot);

        public abstract Delegate Getter(Func<int> current);

        public static Column Create(DataViewRow row, DataViewSchema.Column column, int capacity)
        {
            Type type = column.Type is VectorDataViewType vector
                ? typeof(Vectors<>).MakeGenericType(vector.ItemType.RawType)
                : typeof(Scalars<>).MakeGenericType(column.Type.RawType);
            return (Column)Activator.CreateInstance(type, row, column, capacity)!;
        }
    }

    private sealed class Scalars<T>(DataViewRow row, DataViewSchema.Column column, int capacity) : Column
    {
        private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);
        private readonly T[] _values = new T[capacity];

        public override void Capture(int slot) => _getter(ref _values[slot]);

        public override Delegate Getter(Func<int> current) => (ValueGetter<T>)((ref T value) => value = _values[current()]);
    }

    private sealed class Vectors<T>(DataViewRow row, DataViewSchema.Column column, int capacity) : Column
    {
        private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);
        private readonly VBuffer<T>[] _values = new VBuffer<T>[capacity];

        public override void Capture(int slot)
        {
            // Into new room: a slot that once held a long row would otherwise hold its room for ever.
            VBuffer<T> values = default;
            _getter(ref values);
            _values[slot] = values;
        }

        // A copy: the receiver may write into its buffer, and this one is filled anew.
        public override Delegate Getter(Func<int> current) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[current()].CopyTo(ref value));
    }
}
