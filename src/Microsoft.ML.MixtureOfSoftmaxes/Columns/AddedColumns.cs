namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>
/// The columns that a transformer adds to an input schema. The output schema is the input's columns followed by the added ones;
/// an added column of the same name hides the older one, as everywhere in ML.NET.
/// </summary>
internal abstract class AddedColumns
{
    private readonly int[] _sources;

    protected AddedColumns(DataViewSchema inputSchema, IEnumerable<DataViewSchema.DetachedColumn> added, params int[] sources)
    {
        InputSchema = inputSchema;
        _sources = sources;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(added);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public int Count => OutputSchema.Count - InputSchema.Count;

    /// <summary>The index among the added columns, or a negative number for a column of the input.</summary>
    public int AddedIndex(DataViewSchema.Column column) => column.Index - InputSchema.Count;

    /// <summary>One flag for each added column: whether it is among the wanted columns.</summary>
    public bool[] ActiveAmong(IEnumerable<DataViewSchema.Column> wanted)
    {
        bool[] active = new bool[Count];
        foreach (DataViewSchema.Column column in wanted)
        {
            if (AddedIndex(column) is >= 0 and int index)
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
            if (AddedIndex(column) < 0)
            {
                needed[column.Index] = true;
            }
            else
            {
                Array.ForEach(_sources, source => needed[source] = true);
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
