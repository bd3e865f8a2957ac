using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.MLNet.Tests.Data;

/// <summary>Fits <see cref="Multiplier"/>, learning nothing.</summary>
internal sealed class MultiplierEstimator(string output, string input, float factor) : IEstimator<Multiplier>
{
    public int Fits { get; private set; }

    public Multiplier Fit(IDataView data)
    {
        Fits++;
        return new Multiplier(output, input, factor);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        if (!inputSchema.TryFindColumn(input, out SchemaShape.Column column))
            throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Could not find input column '{input}'");
        column = new SchemaShape.Column(output, column.Kind, column.ItemType, column.IsKey);
        return new SchemaShape([.. inputSchema.Where(c => c.Name != output), column]);
    }
}

/// <summary>
/// Adds a column, a multiple of another, as a component outside the library does: a transformer, its view, and a mapper of
/// single rows.
/// </summary>
internal sealed class Multiplier(string output, string input, float factor) : ITransformer, IDisposable
{
    private readonly string _input = input;
    private readonly float _factor = factor;

    public bool IsDisposed { get; private set; }

    public bool IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        _ = inputSchema[_input];
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumn(output, NumberDataViewType.Single);
        return builder.ToSchema();
    }

    public IDataView Transform(IDataView data) => new View(data, new Mapper(this, data.Schema));

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new Mapper(this, inputSchema);

    public void Save(ModelSaveContext ctx) => throw new NotSupportedException();

    public void Dispose() => IsDisposed = true;

    private sealed class View(IDataView source, Mapper mapper) : IDataView
    {
        public bool CanShuffle => source.CanShuffle;

        public DataViewSchema Schema => mapper.OutputSchema;

        public long? GetRowCount() => source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            DataViewRowCursor input = source.GetRowCursor(mapper.GetDependencies(columnsNeeded), rand);
            return new Cursor(input, mapper.GetRow(input, columnsNeeded));
        }

        public DataViewRowCursor[] GetRowCursorSet(
            IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class Mapper(Multiplier owner, DataViewSchema inputSchema) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => inputSchema;

        public DataViewSchema OutputSchema { get; } = owner.GetOutputSchema(inputSchema);

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        {
            int source = inputSchema[owner._input].Index;
            HashSet<int> needed = [.. dependingColumns.Select(c => c.Index == inputSchema.Count ? source : c.Index)];
            return inputSchema.Where(c => needed.Contains(c.Index));
        }

        public DataViewRow GetRow(DataViewRow row, IEnumerable<DataViewSchema.Column> activeColumns) =>
            new MultipliedRow(row, OutputSchema, row.Schema[owner._input], owner._factor, [.. activeColumns.Select(c => c.Index)]);
    }

    private sealed class MultipliedRow(
        DataViewRow source, DataViewSchema schema, DataViewSchema.Column input, float factor, HashSet<int> active) : DataViewRow
    {
        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override DataViewSchema Schema => schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (column.Index < source.Schema.Count)
                return source.GetGetter<TValue>(column);
            ValueGetter<float> getter = source.GetGetter<float>(input);
            return (ValueGetter<TValue>)(Delegate)(ValueGetter<float>)((ref float value) =>
            {
                getter(ref value);
                value *= factor;
            });
        }

        protected override void Dispose(bool disposing) => source.Dispose();
    }

    private sealed class Cursor(DataViewRowCursor source, DataViewRow row) : DataViewRowCursor
    {
        public override long Position => row.Position;

        public override long Batch => row.Batch;

        public override DataViewSchema Schema => row.Schema;

        public override bool MoveNext() => source.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => row.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => row.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing) => row.Dispose();
    }
}
