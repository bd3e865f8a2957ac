using Microsoft.ML.Data;

namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>A cursor that computes added columns when they are asked for, row by row.</summary>
internal sealed class AddedColumnsCursor(AddedColumns columns, DataViewRowCursor input, bool[] active) : DataViewRowCursor
{
    private readonly AddedColumnsRow _row = new(columns, input, active);

    public override long Position => _row.Position;

    public override long Batch => _row.Batch;

    public override DataViewSchema Schema => _row.Schema;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _row.Dispose();
        }

        base.Dispose(disposing);
    }
}
