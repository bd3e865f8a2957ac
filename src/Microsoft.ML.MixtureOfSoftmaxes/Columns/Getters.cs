namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>The errors of asking a row for a column in the wrong way.</summary>
internal static class Getters
{
    public static InvalidOperationException Inactive(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' is not active in this cursor: name it among the needed columns.");

    public static InvalidOperationException WrongType<TValue>(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' is of type {column.Type}, whose values are {column.Type.RawType}, not {typeof(TValue)}.");
}
