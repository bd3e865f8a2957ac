using Microsoft.ML.Data;
using Microsoft.ML.MixtureOfSoftmaxes.Interop;

namespace Microsoft.ML.MixtureOfSoftmaxes.Columns;

/// <summary>Finds and checks the column a component reads; every error names the column, what it is and what would do.</summary>
internal static class InputColumn
{
    private const string KeyRemedy =
        "A token column is a vector of keys with text key values, as TokenizeIntoVocabulary or TokenizeIntoWords followed by " +
        "MapValueToKey make it.";

    /// <summary>A scalar column of the given type.</summary>
    public static DataViewSchema.Column Of(DataViewSchema schema, string name, PrimitiveDataViewType type)
    {
        DataViewSchema.Column column = Find(schema, name);
        return column.Type.Equals(type) ? column : throw WrongType(name, column.Type, $"{type} is needed.");
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
        bool isIdentity = column.Type is TextDataViewType or KeyDataViewType
            || (column.Type is NumberDataViewType number && number != NumberDataViewType.Single && number != NumberDataViewType.Double);
        return isIdentity ? column : throw WrongType(name, column.Type, "Text, a key or an integer is needed to tell its values apart.");
    }

    public static void CheckKeyValues(DataViewSchema.Column column)
    {
        if (!column.HasKeyValues(TextDataViewType.Instance))
        {
            throw new ArgumentException($"Column '{column.Name}' has keys without text key values, so its words are not known. {KeyRemedy}");
        }
    }

    /// <summary>A vector of <see cref="uint"/> keys, of fixed or variable length.</summary>
    public static DataViewSchema.Column Tokens(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = Find(schema, name);
        return column.Type is VectorDataViewType { ItemType: KeyDataViewType { RawType: var raw } } && raw == typeof(uint)
            ? column
            : throw WrongType(name, column.Type, KeyRemedy);
    }

    public static void Tokens(SchemaShape shape, string name)
    {
        SchemaShape.Column column = Find(shape, name);
        if (column.Kind == SchemaShape.Column.VectorKind.Scalar || !column.IsKey || column.ItemType.RawType != typeof(uint))
        {
            throw WrongType(name, Describe(column), KeyRemedy);
        }
    }

    /// <summary>
    /// The words behind the keys of a token column, at the raw key value minus one, made valid text, so that two of them can
    /// be the same.
    /// </summary>
    public static string[] KeyValues(DataViewSchema.Column column)
    {
        CheckKeyValues(column);

        VBuffer<ReadOnlyMemory<char>> words = default;
        column.GetKeyValues(ref words);
        return [.. words.DenseValues().Select(word => ValidText.Of(word.Span).ToString())];
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string name) => schema.GetColumnOrNull(name)
        ?? throw Absent(name, schema.Where(column => !column.IsHidden).Select(column => column.Name));

    private static SchemaShape.Column Find(SchemaShape shape, string name) => shape.Find(name)
        ?? throw Absent(name, shape.Select(column => column.Name));

    private static ArgumentException Absent(string name, IEnumerable<string> there) =>
        new($"Column '{name}' is not in the data, whose columns are: {string.Join(", ", there)}.");

    private static ArgumentException WrongType(string name, object type, string remedy) =>
        new($"Column '{name}' is of type {type}. {remedy}");

    private static string Describe(SchemaShape.Column column) =>
        $"{column.Kind} of {(column.IsKey ? "Key of " : "")}{column.ItemType}";

    /// <summary>Reads a text column alone, row by row.</summary>
    public static void ReadText(
        IDataView input, DataViewSchema.Column column, Action<ReadOnlySpan<char>> visit, CancellationToken cancellationToken = default)
    {
        using DataViewRowCursor cursor = input.GetRowCursor([column]);
        ValueGetter<ReadOnlyMemory<char>> getter = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            getter(ref text);
            visit(text.Span);
        }
    }
}
