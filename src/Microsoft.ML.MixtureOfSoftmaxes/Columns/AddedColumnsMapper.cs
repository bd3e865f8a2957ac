using Microsoft.ML.Data;

namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>One row in, one row out: what <see cref="PredictionEngine{TSrc, TDst}"/> drives.</summary>
internal sealed class AddedColumnsMapper(AddedColumns columns) : IRowToRowMapper
{
    public DataViewSchema InputSchema => columns.InputSchema;

    public DataViewSchema OutputSchema => columns.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        columns.InputsFor(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new AddedColumnsRow(columns, input, columns.ActiveAmong(activeColumns));
}
