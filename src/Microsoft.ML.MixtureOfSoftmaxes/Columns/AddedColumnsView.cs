using Microsoft.ML.Data;

namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>
/// A data view with columns added, computed lazily as cursors ask for them. To what walks a pipe it is a step, not where the data comes
/// from: so a conversion to ONNX, which is not there for it, is refused and does not give a file without the model.
/// </summary>
/// <param name="transformer">What adds the columns; it is what is saved where a pipe is.</param>
/// <param name="source">The input.</param>
/// <param name="columns">The added columns over its schema.</param>
/// <param name="inOrder">Whether rows must be read in one pass and in their order.</param>
internal sealed class AddedColumnsView(ITransformer transformer, IDataView source, AddedColumns columns, bool inOrder = false)
    : IDataTransform
{
    public IDataView Source => source;

    public bool CanShuffle => !inOrder && source.CanShuffle;

    public DataViewSchema Schema => columns.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] wanted = [.. columnsNeeded];
        DataViewRowCursor input = source.GetRowCursor(columns.InputsFor(wanted), inOrder ? null : rand);
        return columns.CreateCursors([input], columns.ActiveAmong(wanted), GetRowCount()).Single();
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] wanted = [.. columnsNeeded];
        if (inOrder)
        {
            return [GetRowCursor(wanted)];
        }

        return columns.CreateCursors(
            source.GetRowCursorSet(columns.InputsFor(wanted), n, rand), columns.ActiveAmong(wanted), GetRowCount());
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => transformer.Save(ctx);
}
