namespace Microsoft.ML.Data;

/// <summary>
/// Where the columns of an output schema come from. A new column stands behind the last one with its name, which it hides, or
/// at the end.
/// </summary>
internal sealed class ColumnBindings
{
    // Of each output column the index in the input, or the complement of its index among the new columns.
    private readonly List<int> _origins;

    public ColumnBindings(DataViewSchema input, DataViewSchema.DetachedColumn[] added)
    {
        InputSchema = input;
        _origins = [.. Enumerable.Range(0, input.Count)];
        for (int i = 0; i < added.Length; i++)
        {
            int last = _origins.FindLastIndex(origin => NameOf(origin) == added[i].Name);
            _origins.Insert(last < 0 ? _origins.Count : last + 1, ~i);
        }

        Schema = SchemaExtensions.MakeSchema(
            _origins.Select(origin => origin < 0 ? added[~origin] : new DataViewSchema.DetachedColumn(input[origin])));

        string NameOf(int origin) => origin < 0 ? added[~origin].Name : input[origin].Name;
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema Schema { get; }

    /// <summary>The index of an output column in the input, or among the new columns where it is one.</summary>
    public int OriginOf(DataViewSchema.Column column, out bool isNew)
    {
        int origin = _origins[column.Index];
        isNew = origin < 0;
        return isNew ? ~origin : origin;
    }

    /// <summary>Which of the new columns are among the given output columns.</summary>
    public Func<int, bool> NewOnesOf(IEnumerable<DataViewSchema.Column> columns)
    {
        HashSet<int> origins = [.. columns.Select(c => _origins[c.Index])];
        return index => origins.Contains(~index);
    }

    /// <summary>The input columns that the output columns pass on, or that <paramref name="mapper"/> needs for them.</summary>
    public IEnumerable<DataViewSchema.Column> DependenciesOf(IEnumerable<DataViewSchema.Column> columns, IRowMapper mapper)
    {
        HashSet<int> origins = [.. columns.Select(c => _origins[c.Index])];
        Func<int, bool> needed = mapper.GetDependencies(index => origins.Contains(~index));
        return InputSchema.Where(c => origins.Contains(c.Index) || needed(c.Index));
    }
}
