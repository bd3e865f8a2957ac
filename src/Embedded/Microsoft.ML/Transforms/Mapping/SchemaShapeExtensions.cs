using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How estimators derive the shape of their output from that of their input.</summary>
internal static class SchemaShapeExtensions
{
    public static SchemaShape.Column FindInput(this SchemaShape inputSchema, IExceptionContext context, string name) =>
        inputSchema.TryFindColumn(name, out SchemaShape.Column column)
            ? column
            : throw context.ExceptSchemaMismatch(nameof(inputSchema), "input", name);

    public static SchemaShape.Column FindTextInput(this SchemaShape inputSchema, IExceptionContext context, string name)
    {
        SchemaShape.Column column = inputSchema.FindInput(context, name);
        return column.ItemType is TextDataViewType
            ? column
            : throw context.ExceptSchemaMismatch(
                nameof(inputSchema), "input", name, "String or Vector of String", column.GetTypeString());
    }

    /// <summary>The shape with columns added, or put in the place of those with the same name.</summary>
    public static SchemaShape With(this SchemaShape inputSchema, IEnumerable<SchemaShape.Column> added)
    {
        Dictionary<string, SchemaShape.Column> columns = inputSchema.ToDictionary(c => c.Name);
        foreach (SchemaShape.Column column in added)
            columns[column.Name] = column;
        return new SchemaShape(columns.Values);
    }

    /// <summary>The annotations of a column with the given names, as far as it has them.</summary>
    public static SchemaShape Annotations(this SchemaShape.Column column, params string[] kinds) =>
        new(column.Annotations.Where(a => kinds.Contains(a.Name)));
}
