using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Mappers in a row; none at all give the input row.</summary>
internal sealed class CompositeRowToRowMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers) : IRowToRowMapper
{
    public DataViewSchema InputSchema { get; } = inputSchema;

    public DataViewSchema OutputSchema { get; } = mappers.LastOrDefault()?.OutputSchema ?? inputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        mappers.Reverse().Aggregate(dependingColumns, (columns, mapper) => mapper.GetDependencies(columns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(input.Schema == InputSchema, nameof(input), "Schema did not match original schema");

        // What each mapper must give is what the ones after it need, so the needs are found from the last one backwards.
        var needed = new IEnumerable<DataViewSchema.Column>[mappers.Length + 1];
        needed[^1] = [.. activeColumns];
        for (int i = mappers.Length - 1; i >= 0; i--)
            needed[i] = [.. mappers[i].GetDependencies(needed[i + 1])];

        foreach (DataViewSchema.Column column in needed[0])
        {
            Contracts.CheckParam(
                input.IsColumnActive(column), nameof(input), $"Mapper required column '{column.Name}' active but it was not.");
        }

        DataViewRow row = input;
        for (int i = 0; i < mappers.Length; i++)
            row = mappers[i].GetRow(row, needed[i + 1]);
        return row;
    }
}
