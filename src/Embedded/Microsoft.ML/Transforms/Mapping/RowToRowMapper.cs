using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Maps single rows with a row mapper.</summary>
internal sealed class RowToRowMapper(IHost host, DataViewSchema inputSchema, IRowMapper mapper) : IRowToRowMapper
{
    private readonly ColumnBindings _bindings = new(inputSchema, mapper.GetOutputColumns());

    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema => _bindings.Schema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        _bindings.DependenciesOf(dependingColumns, mapper);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        host.CheckValue(input, nameof(input));
        host.CheckValue(activeColumns, nameof(activeColumns));
        host.CheckParam(
            input.Schema == InputSchema, nameof(input), "Schema of input row must be the same as the schema the mapper is bound to");
        return new Row(input, OutputSchema, new MappedColumns(input, _bindings, mapper, activeColumns));
    }

    private sealed class Row(DataViewRow input, DataViewSchema schema, MappedColumns columns) : WrappingRow(input)
    {
        public override DataViewSchema Schema => schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => columns.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => columns.GetGetter<TValue>(column);

        protected override void DisposeCore(bool disposing)
        {
            if (disposing)
                columns.Dispose();
        }
    }
}
