using Microsoft.ML.Data;

namespace Microsoft.ML.MixtureOfSoftmaxes.Interop;

/// <summary>Columns of a <see cref="SchemaShape"/>, whose constructor ML.NET keeps to its friends.</summary>
internal static class SchemaShapes
{
    public const string KeyValues = "KeyValues";

    public static SchemaShape.Column Scalar(string name, PrimitiveDataViewType type) =>
        new(name, SchemaShape.Column.VectorKind.Scalar, type, isKey: false);

    /// <summary>A scalar key.</summary>
    public static SchemaShape.Column Key(string name) => new(name, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true);

    /// <summary>A scalar, or a vector of variable length, of the type that a column will have.</summary>
    public static SchemaShape.Column Of(string name, DataViewType type, params SchemaShape.Column[] annotations) =>
        type is VectorDataViewType vector
            ? new(name, SchemaShape.Column.VectorKind.VariableVector, vector.ItemType, isKey: false, new SchemaShape(annotations))
            : new(name, SchemaShape.Column.VectorKind.Scalar, type, isKey: false, new SchemaShape(annotations));

    public static SchemaShape.Column Vector(string name, PrimitiveDataViewType type) =>
        new(name, SchemaShape.Column.VectorKind.Vector, type, isKey: false);

    /// <summary>A variable vector of keys with text as key values, and other annotations.</summary>
    public static SchemaShape.Column VariableKeyVector(string name, params SchemaShape.Column[] annotations) => new(
        name,
        SchemaShape.Column.VectorKind.VariableVector,
        NumberDataViewType.UInt32,
        isKey: true,
        new SchemaShape([Vector(KeyValues, TextDataViewType.Instance), .. annotations]));

    public static SchemaShape.Column? Find(this SchemaShape shape, string name)
    {
        foreach (SchemaShape.Column column in shape)
        {
            if (column.Name == name)
            {
                return column;
            }
        }

        return null;
    }

    /// <summary>The shape with columns added; one of the same name stands in the place of the older one.</summary>
    public static SchemaShape With(this SchemaShape shape, IReadOnlyList<SchemaShape.Column> added)
    {
        var columns = shape.ToDictionary(column => column.Name);
        foreach (SchemaShape.Column column in added)
        {
            columns[column.Name] = column;
        }

        return new(columns.Values);
    }
}
