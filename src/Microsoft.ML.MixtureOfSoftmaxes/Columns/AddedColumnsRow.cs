using Microsoft.ML.Data;

namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>A row of the input with the added columns behind it.</summary>
internal sealed class AddedColumnsRow(AddedColumns columns, DataViewRow input, bool[] active) : DataViewRow
{
    private readonly Delegate?[] _getters = columns.CreateGetters(input, active);

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override DataViewSchema Schema => columns.OutputSchema;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => columns.IsAdded(column, out int index)
        ? active[index]
        : input.IsColumnActive(columns.InputSchema[index]);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!columns.IsAdded(column, out int index))
        {
            return input.GetGetter<TValue>(columns.InputSchema[index]);
        }

        Delegate getter = _getters[index] ?? throw Getters.Inactive(column);
        return getter as ValueGetter<TValue> ?? throw Getters.WrongType<TValue>(column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }

        base.Dispose(disposing);
    }
}
