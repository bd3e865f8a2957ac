using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Fills <paramref name="value"/>, reusing its buffers where it has some.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);

/// <summary>One row: getters are made once and read the current values at every call.</summary>
public abstract class DataViewRow : IDisposable
{
    /// <summary>The row's number from 0; -1 before the first row and after the last.</summary>
    public abstract long Position { get; }

    /// <summary>Non-decreasing within a cursor; merging the cursors of a set by it restores the order of the rows.</summary>
    public abstract long Batch { get; }

    public abstract DataViewSchema Schema { get; }

    public abstract ValueGetter<DataViewRowId> GetIdGetter();

    public abstract bool IsColumnActive(DataViewSchema.Column column);

    /// <summary>A getter of an active column; <typeparamref name="TValue"/> must be the raw type of the column.</summary>
    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A row that moves.</summary>
public abstract class DataViewRowCursor : DataViewRow
{
    public abstract bool MoveNext();
}
