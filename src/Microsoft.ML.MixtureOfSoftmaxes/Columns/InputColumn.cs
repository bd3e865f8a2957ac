using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>
/// Finds and checks the column a component reads; every error is an <see cref="ArgumentOutOfRangeException"/> that names the column, what
/// it is and what would do. What is checked of a schema is checked of the shape that a pipeline promises before it is fitted.
/// </summary>
internal static class InputColumn
{
    private const string KeyRemedy =
        "A token column is a vector of keys with text key values, as TokenizeIntoVocabulary or TokenizeIntoWords followed by " +
        "MapValueToKey make it.";

    private const string IdentityRemedy = "Text, a key or an integer is needed to tell its values apart.";

    /// <summary>A scalar column of the given type.</summary>
    public static DataViewSchema.Column Of(DataViewSchema schema, string name, PrimitiveDataViewType type)
    {
        DataViewSchema.Column column = Find(schema, name);
        return column.Type.Equals(type) ? column : throw WrongType(name, column.Type, $"{type} is needed.");
    }

    /// <summary>A vector column with items of the given type.</summary>
    public static DataViewSchema.Column Vector(DataViewSchema schema, string name, PrimitiveDataViewType itemType)
    {
        DataViewSchema.Column column = Find(schema, name);
        return column.Type is VectorDataViewType { ItemType: var item } && item.Equals(itemType)
            ? column
            : throw WrongType(name, column.Type, $"A vector of {itemType} is needed.");
    }

    /// <summary>A scalar text column.</summary>
    public static DataViewSchema.Column Text(DataViewSchema schema, string name) => Of(schema, name, TextDataViewType.Instance);

    public static void Text(SchemaShape shape, string name)
    {
        SchemaShape.Column column = Find(shape, name);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.ItemType is not TextDataViewType)
        {
            throw WrongType(name, Describe(column), "String is needed.");
        }
    }

    /// <summary>A scalar column whose values are told apart exactly: text, a key or an integer.</summary>
    public static DataViewSchema.Column Identity(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = Find(schema, name);
        return column.Type is KeyDataViewType || IsTextOrInteger(column.Type) ? column : throw WrongType(name, column.Type, IdentityRemedy);
    }

    public static void Identity(SchemaShape shape, string name)
    {
        SchemaShape.Column column = Find(shape, name);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || !(column.IsKey || IsTextOrInteger(column.ItemType)))
        {
            throw WrongType(name, Describe(column), IdentityRemedy);
        }
    }

    /// <summary>A vector of <see cref="uint"/> keys with text as key values, of fixed or variable length.</summary>
    public static DataViewSchema.Column Tokens(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = Find(schema, name);
        return column.Type is not VectorDataViewType { ItemType: KeyDataViewType { RawType: var raw } } || raw != typeof(uint)
            ? throw WrongType(name, column.Type, KeyRemedy)
            : column.HasKeyValues(TextDataViewType.Instance) ? column : throw NoWords(name);
    }

    public static void Tokens(SchemaShape shape, string name)
    {
        SchemaShape.Column column = Find(shape, name);
        if (column.Kind == SchemaShape.Column.VectorKind.Scalar || !column.IsKey || column.ItemType.RawType != typeof(uint))
        {
            throw WrongType(name, Describe(column), KeyRemedy);
        }

        if (column.Annotations.Find(SchemaShapes.KeyValues) is not
            { Kind: SchemaShape.Column.VectorKind.Vector, ItemType: TextDataViewType })
        {
            throw NoWords(name);
        }
    }

    /// <summary>
    /// The words behind the keys of a token column, at the raw key value minus one, made valid text, so that two of them can
    /// be the same.
    /// </summary>
    public static string[] KeyValues(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> words = default;
        column.GetKeyValues(ref words);
        return [.. words.DenseValues().Select(word => ValidText.Of(word.Span).ToString())];
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string name) => schema.GetColumnOrNull(name)
        ?? throw Absent(name, schema.Where(column => !column.IsHidden).Select(column => column.Name));

    private static SchemaShape.Column Find(SchemaShape shape, string name) => shape.Find(name)
        ?? throw Absent(name, shape.Select(column => column.Name));

    private static bool IsTextOrInteger(DataViewType type) => type is TextDataViewType
        || (type is NumberDataViewType && type != NumberDataViewType.Single && type != NumberDataViewType.Double);

    private static ArgumentOutOfRangeException Absent(string name, IEnumerable<string> there) =>
        Mismatch($"Column '{name}' is not in the data, whose columns are: {string.Join(", ", there)}.");

    private static ArgumentOutOfRangeException WrongType(string name, object type, string remedy) =>
        Mismatch($"Column '{name}' is of type {type}. {remedy}");

    private static ArgumentOutOfRangeException NoWords(string name) =>
        Mismatch($"Column '{name}' has keys without text key values, so its words are not known. {KeyRemedy}");

    // ML.NET's type of error for a schema that does not fit.
    private static ArgumentOutOfRangeException Mismatch(string message) => new(paramName: null, message);

    private static string Describe(SchemaShape.Column column) =>
        $"{column.Kind} of {(column.IsKey ? "Key of " : "")}{column.ItemType}";

    /// <summary>Reads a text column alone, row by row.</summary>
    public static void ReadText(
        IDataView input, DataViewSchema.Column column, Action<ReadOnlySpan<char>> visit, Cancellation cancellation)
    {
        using DataViewRowCursor cursor = input.GetRowCursor([column]);
        ValueGetter<ReadOnlyMemory<char>> getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfRequested();
            getter(ref text);
            visit(text.Span);
        }
    }
}
