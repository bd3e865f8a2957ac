using Microsoft.ML.Data;

namespace Microsoft.ML.MixtureOfSoftmaxes.Tests.Support;

/// <summary>A data view of functions from row number to value, with row ids of its own; it says which cursors it gave out.</summary>
internal sealed class HandMadeView(int rows) : IDataView
{
    private readonly DataViewSchema.Builder _builder = new();
    private readonly List<Delegate> _values = [];

    public List<Cursor> Cursors { get; } = [];

    public bool CanShuffle { get; init; }

    public DataViewSchema Schema => field ??= _builder.ToSchema();

    /// <summary>The id of a row, which is not its position.</summary>
    public static DataViewRowId IdOf(long position) => new((ulong)position + 1000, 77);

    public HandMadeView Add<T>(string name, DataViewType type, Func<long, T> value, DataViewSchema.Annotations? annotations = null)
    {
        _builder.AddColumn(name, type, annotations);
        _values.Add(value);
        return this;
    }

    /// <summary>A column of token keys with the words as key values.</summary>
    public HandMadeView AddTokens(string name, string[] words, Func<long, VBuffer<uint>> keys, int length = 0)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            "KeyValues",
            new VectorDataViewType(TextDataViewType.Instance, words.Length),
            (ref VBuffer<ReadOnlyMemory<char>> values) => values = new(words.Length, [.. words.Select(word => word.AsMemory())]));
        var type = new VectorDataViewType(new KeyDataViewType(typeof(uint), words.Length), length);
        return Add(name, type, keys, annotations.ToAnnotations());
    }

    public long? GetRowCount() => rows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var cursor = new Cursor(this, [.. columnsNeeded.Select(column => column.Index)], 0, 1, rand);
        Cursors.Add(cursor);
        return cursor;
    }

    /// <summary>Cursor i has every n-th row from row i on.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        int[] active = [.. columnsNeeded.Select(column => column.Index)];
        Cursor[] cursors = [.. Enumerable.Range(0, n).Select(i => new Cursor(this, active, i, n, rand))];
        Cursors.AddRange(cursors);
        return cursors;
    }

    internal sealed class Cursor(HandMadeView view, int[] active, int first, int stride, Random? random) : DataViewRowCursor
    {
        private long _index = -1;

        public Random? Random => random;

        public bool IsDisposed { get; private set; }

        public int[] Active => active;

        public override long Position => _index;

        public override long Batch => first;

        public override DataViewSchema Schema => view.Schema;

        private long Row => first + (_index * stride);

        private long Length => view.GetRowCount()!.Value;

        public override bool MoveNext()
        {
            _index++;
            return Row < Length;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = IdOf(Row);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            var value = (Func<long, TValue>)view._values[column.Index];
            return (ref TValue target) => target = value(Row);
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
