using Microsoft.ML.Data;

namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>
/// The columns that a transformer adds to an input schema, in ML.NET's order: behind the input's columns, but one of the same name as an
/// older column right behind that one, which it hides.
/// </summary>
internal abstract class AddedColumns(
    DataViewSchema inputSchema, IEnumerable<DataViewSchema.DetachedColumn> added, params int[] sources)
{
    private readonly ColumnBindings _bindings = new(inputSchema, [.. added]);

    public DataViewSchema InputSchema => _bindings.InputSchema;

    public DataViewSchema OutputSchema => _bindings.Schema;

    public int Count => _bindings.AddedColumnIndices.Count;

    /// <summary>Whether a column of the output is an added one; its index among these, or that among the input's columns.</summary>
    public bool IsAdded(DataViewSchema.Column column, out int index)
    {
        index = _bindings.MapColumnIndex(out bool isInput, column.Index);
        return !isInput;
    }

    /// <summary>One flag for each added column: whether it is among the wanted columns.</summary>
    public bool[] ActiveAmong(IEnumerable<DataViewSchema.Column> wanted)
    {
        bool[] active = new bool[Count];
        foreach (DataViewSchema.Column column in wanted)
        {
            if (IsAdded(column, out int index))
            {
                active[index] = true;
            }
        }

        return active;
    }

    /// <summary>The input columns that the wanted columns need: those passed through, and the sources of those added.</summary>
    public DataViewSchema.Column[] InputsFor(IEnumerable<DataViewSchema.Column> wanted)
    {
        bool[] needed = new bool[InputSchema.Count];
        foreach (DataViewSchema.Column column in wanted)
        {
            if (IsAdded(column, out int index))
            {
                Array.ForEach(sources, source => needed[source] = true);
            }
            else
            {
                needed[index] = true;
            }
        }

        return [.. InputSchema.Where(column => needed[column.Index])];
    }

    /// <summary>Getters of the added columns over one row (null where not active); they follow the row as its cursor moves.</summary>
    public abstract Delegate?[] CreateGetters(DataViewRow input, bool[] active);

    /// <summary>Cursors over the output that share its rows, one over each input; row by row unless the transformer knows better.</summary>
    /// <param name="inputs">Cursors over the input.</param>
    /// <param name="active">Which of the added columns are wanted.</param>
    /// <param name="rowCount">Rows of the input, if known.</param>
    public virtual DataViewRowCursor[] CreateCursors(DataViewRowCursor[] inputs, bool[] active, long? rowCount) =>
        [.. inputs.Select(input => new AddedColumnsCursor(this, input, active))];
}
