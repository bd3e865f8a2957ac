using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view whose columns are kept in memory from the first cursor that needs them on.</summary>
internal sealed class CacheDataView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _input;
    private readonly ColumnStore?[] _stores;
    private readonly Lock _lock = new();
    private long? _rowCount;

    public CacheDataView(IHostEnvironment env, IDataView input, IEnumerable<DataViewSchema.Column> prefetch)
    {
        _host = env.Register("Cache");
        _input = input;
        _stores = new ColumnStore?[input.Schema.Count];
        _rowCount = input.GetRowCount();
        DataViewSchema.Column[] columns = [.. prefetch];
        if (columns.Length > 0)
            Load(columns);
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _input.Schema;

    public long? GetRowCount() => _rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        int count = Load(columns);
        int[]? order = null;
        if (rand is not null)
        {
            order = [.. Enumerable.Range(0, count)];
            rand.Shuffle(order);
        }

        HashSet<int> active = [.. columns.Select(c => c.Index)];
        return new Cursor(this, active, count, order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Reads the columns that are not there yet, in one pass, and returns the number of rows.</summary>
    private int Load(IEnumerable<DataViewSchema.Column> columns)
    {
        lock (_lock)
        {
            DataViewSchema.Column[] missing = [.. columns.Where(c => _stores[c.Index] is null).DistinctBy(c => c.Index)];
            if (missing.Length == 0 && _rowCount is long known)
                return checked((int)known);

            ColumnStore[] stores = [.. missing.Select(c => ColumnStore.Create(c.Type))];
            using DataViewRowCursor cursor = _input.GetRowCursor(missing);
            Action<int>[] writers = [.. missing.Select((column, i) => stores[i].MakeWriter(cursor, column))];
            int row = 0;
            for (; cursor.MoveNext(); row++)
            {
                foreach (Action<int> write in writers)
                    write(row);
            }

            if (_rowCount is long before && before != row)
            {
                throw _host.Except(
                    $"The data to cache had {before} rows at first and {row} now; it must give the same rows every time.");
            }

            _rowCount = row;
            for (int i = 0; i < missing.Length; i++)
                _stores[missing[i].Index] = stores[i];
            return row;
        }
    }

    private sealed class Cursor : RootCursorBase
    {
        private readonly CacheDataView _view;
        private readonly int _count;
        private readonly int[]? _order;
        private readonly GetterTable _getters;

        public Cursor(CacheDataView view, HashSet<int> active, int count, int[]? order)
            : base(view._host)
        {
            _view = view;
            _count = count;
            _order = order;
            _getters = new GetterTable(
                view.Schema, c => active.Contains(c.Index) ? view._stores[c.Index]!.MakeGetter(CurrentRow) : null);
        }

        public override long Batch => 0;

        public override DataViewSchema Schema => _view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.Get<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId id) => id = new DataViewRowId((ulong)CurrentRow(), 0);

        protected override bool MoveNextCore() => Position + 1 < _count;

        private int CurrentRow()
        {
            CheckOnRow();
            return _order is null ? (int)Position : _order[Position];
        }
    }
}
