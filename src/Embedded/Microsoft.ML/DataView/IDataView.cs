namespace Microsoft.ML;

/// <summary>A lazy table: a schema and any number of forward cursors over its rows.</summary>
public interface IDataView
{
    /// <summary>Whether cursors honour the random generator they are given.</summary>
    bool CanShuffle { get; }

    DataViewSchema Schema { get; }

    /// <summary>The number of rows, or null where counting would need a pass over the data.</summary>
    long? GetRowCount();

    /// <summary>A cursor on which the given columns, of this very schema, are active.</summary>
    DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null);

    /// <summary>At most <paramref name="n"/> cursors that share the rows among them, told apart by their batches.</summary>
    DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null);
}
