using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Some columns of an input schema as an output schema.</summary>
internal sealed class ColumnSelection(DataViewSchema inputSchema, DataViewSchema.Column[] selected) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema Schema { get; } = SchemaExtensions.MakeSchema(selected.Select(c => new DataViewSchema.DetachedColumn(c)));

    DataViewSchema IRowToRowMapper.OutputSchema => Schema;

    /// <summary>The input column that an output column is.</summary>
    public DataViewSchema.Column SourceOf(DataViewSchema.Column column) => selected[column.Index];

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        [.. dependingColumns.Select(SourceOf).DistinctBy(c => c.Index)];

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(input, this);

    private sealed class Row(DataViewRow input, ColumnSelection selection) : WrappingRow(input)
    {
        public override DataViewSchema Schema => selection.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(selection.SourceOf(column));

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            Input.GetGetter<TValue>(selection.SourceOf(column));
    }
}

/// <summary>The rows of a view with some of its columns only.</summary>
internal sealed class SelectedColumnsView(IHost host, IDataView input, ColumnSelection selection) : IDataView
{
    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => selection.Schema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(host, input.GetRowCursor(selection.GetDependencies(columnsNeeded), rand), selection);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. input.GetRowCursorSet(selection.GetDependencies(columnsNeeded), n, rand)
            .Select(cursor => new Cursor(host, cursor, selection))];

    private sealed class Cursor(IChannelProvider provider, DataViewRowCursor input, ColumnSelection selection)
        : SynchronizedCursorBase(provider, input)
    {
        public override DataViewSchema Schema => selection.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(selection.SourceOf(column));

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            Input.GetGetter<TValue>(selection.SourceOf(column));
    }
}
