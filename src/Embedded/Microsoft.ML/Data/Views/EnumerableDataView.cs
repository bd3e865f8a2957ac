using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The objects of a sequence as rows; every cursor enumerates the sequence anew.</summary>
internal sealed class EnumerableDataView<TRow> : IDataView
    where TRow : class
{
    private readonly IHost _host;
    private readonly IEnumerable<TRow> _data;
    private readonly MemberColumn[] _columns;

    public EnumerableDataView(IHostEnvironment env, IEnumerable<TRow> data, SchemaDefinition? definition)
    {
        _host = env.Register("StreamingDataView");
        _data = data;
        _columns = MemberColumn.Bind(typeof(TRow), SchemaDefinition.Direction.Read, definition);
        Schema = SchemaExtensions.MakeSchema(_columns.Select(c => c.Column));
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => (_data as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursorBase
    {
        private readonly EnumerableDataView<TRow> _view;
        private readonly IEnumerator<TRow> _rows;
        private readonly GetterTable _getters;
        private TRow? _current;

        public Cursor(EnumerableDataView<TRow> view, IEnumerable<DataViewSchema.Column> columnsNeeded)
            : base(view._host)
        {
            _view = view;
            _rows = view._data.GetEnumerator();
            HashSet<int> active = [.. columnsNeeded.Select(c => c.Index)];
            _getters = new GetterTable(
                view.Schema, c => active.Contains(c.Index) ? view._columns[c.Index].MakeGetter(Current) : null);
        }

        public override long Batch => 0;

        public override DataViewSchema Schema => _view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.Get<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId id) =>
            {
                CheckOnRow();
                id = new DataViewRowId((ulong)Position, 0);
            };

        protected override bool MoveNextCore()
        {
            _current = null;
            if (!_rows.MoveNext())
                return false;
            _current = _rows.Current ?? throw _view._host.Except(
                $"Encountered null when iterating over data, this is not supported. It is item {Position + 1}.");
            return true;
        }

        protected override void Release() => _rows.Dispose();

        private TRow Current()
        {
            CheckOnRow();
            return _current!;
        }
    }
}
