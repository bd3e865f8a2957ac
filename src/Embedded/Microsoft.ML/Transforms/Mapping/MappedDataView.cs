using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of a view with the columns that a row mapper adds.</summary>
internal sealed class MappedDataView(IHost host, IDataView input, IRowMapper mapper) : IDataView
{
    private readonly ColumnBindings _bindings = new(input.Schema, mapper.GetOutputColumns());

    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => _bindings.Schema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        return Map(input.GetRowCursor(_bindings.DependenciesOf(needed, mapper), rand), needed);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        DataViewRowCursor[] inputs = input.GetRowCursorSet(_bindings.DependenciesOf(needed, mapper), n, rand);
        return [.. inputs.Select(cursor => Map(cursor, needed))];
    }

    private Cursor Map(DataViewRowCursor cursor, DataViewSchema.Column[] needed) =>
        new(host, cursor, Schema, new MappedColumns(cursor, _bindings, mapper, needed));

    private sealed class Cursor(IChannelProvider provider, DataViewRowCursor input, DataViewSchema schema, MappedColumns columns)
        : SynchronizedCursorBase(provider, input)
    {
        private bool _disposed;

        public override DataViewSchema Schema => schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => columns.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => columns.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
                columns.Dispose();
            _disposed = true;
            base.Dispose(disposing);
        }
    }
}
