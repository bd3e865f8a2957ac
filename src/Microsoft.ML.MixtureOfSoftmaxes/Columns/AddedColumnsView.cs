namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>A data view with columns added, computed lazily as cursors ask for them.</summary>
/// <param name="source">The input.</param>
/// <param name="columns">The added columns over its schema.</param>
/// <param name="inOrder">Whether rows must be read in one pass and in their order.</param>
internal sealed class AddedColumnsView(IDataView source, AddedColumns columns, bool inOrder = false) : IDataView
{
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
}
